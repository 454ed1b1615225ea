import { Command, CommanderError } from 'commander';
import { OUTPUT_FORMATS } from './cli.config.js';
import type { CliIo } from './cli-io.js';
import { UsageError } from './cli.errors.js';
import type { Cli } from './command-action.js';
import { COMMANDS, type CommandEntry } from './command-table.js';
import { EXIT_CODES, exitCodeOf } from './exit-code.js';
import { printError } from './print-error.js';
import { VERSION } from './version.js';

/**
 * Runs one command.
 *
 * @param args without the program's name
 * @returns the exit code; never rejects
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const cli: Cli = { io, args, exitCode: EXIT_CODES.done, fullProgram: () => createFullProgram(cli) };
  const isVerbose = args.includes('-v') || args.includes('--verbose');
  const color = io.stderr.isTTY === true && !io.env['NO_COLOR'] && !args.includes('--no-color');
  const program = createProgram(io);
  try {
    const called = calledCommand(args);
    // What is printed of a bundle is its name: `-o` is the archive there.
    const words = called?.word === 'debug' ? args.map((word) => (word === '-o' ? '--file' : word)) : args;
    for (const entry of called && !args.includes('help') ? [called] : COMMANDS) await entry.register(program, cli);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...words], { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.done;
    await printError(error instanceof CommanderError ? usageErrorOf(error, program.commands[0]) : error, io.stderr, {
      color,
      verbose: isVerbose,
    });
    const code = error instanceof CommanderError ? EXIT_CODES.usage : exitCodeOf(error);
    // The codes below 125 are those of the command that these run.
    return ['run', 'exec', 'attach'].includes(calledCommand(args)?.word ?? '') && code !== EXIT_CODES.nothingFits
      ? EXIT_CODES.ownFailure
      : code;
  }
}

async function createFullProgram(cli: Cli): Promise<Command> {
  const program = createProgram(cli.io);
  for (const entry of COMMANDS) await entry.register(program, cli);
  return program;
}

/**
 * The command that is called, without parsing flags: only its files are loaded, since a cold start is most of the time of a short
 * command.
 *
 * @returns undefined when the first word is none: then all commands are loaded, for help and for the nearest name
 */
function calledCommand(args: readonly string[]): CommandEntry | undefined {
  const index = args.findIndex(
    (word, at) => !isFlagPart(args, at, word) || COMMANDS.some((entry) => entry.word === word),
  );
  return COMMANDS.find(({ word }) => word === args[index]);
}

/** A flag, or what may be a flag's value. */
function isFlagPart(args: readonly string[], index: number, word: string): boolean {
  return word.startsWith('-') || args[index - 1]?.startsWith('-') === true;
}

function createProgram(io: CliIo): Command {
  const program = new Command('tranche')
    .description('Runs work on a Tranche cluster, and shows what goes on there.')
    .version(VERSION, '-V, --version', 'print the version of this program')
    .option('-u, --url <URL>', 'address of the cluster (default http://127.0.0.1:5050)')
    .option('-c, --context <NAME>', 'a cluster of the configuration file')
    .option('-o, --output <FORMAT>', `one of ${OUTPUT_FORMATS.join(', ')}`)
    .option('--json', 'the same as -o json')
    .option('-w, --watch', 'keep printing until Ctrl-C')
    .option('-l, --selector <LABELS>', 'only what has these labels (agents: attributes): k=v,k!=v')
    .option('--sort <COLUMN>', 'order by a column; -COLUMN is descending')
    .option('--max <N>', 'print at most N rows')
    .option('--all', 'include what has ended')
    .option('-y, --yes', "don't ask")
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--timeout <DURATION>', 'longest wait for an answer (default 30s)')
    .option('-q, --quiet', 'no progress and no hints')
    .option('-v, --verbose', 'print each request, its time and its trace id')
    .option('--no-color', 'no colours')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    })
    .exitOverride();
  return program;
}

/** A noun alone, or commander's finding in our form: `error: unknown option '--nmae' (Did you mean --name?)` becomes a message and a line. */
function usageErrorOf(error: CommanderError, noun: Command | undefined): UsageError {
  if (error.code === 'commander.help' && noun !== undefined) {
    const verbs = noun.commands.map((command) => command.name()).join(' ');
    return new UsageError(`${noun.name()} needs a verb`, [`verbs: ${verbs}`, `try: tranche ${noun.name()} --help`]);
  }
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hints = rest.map(nearest).filter(Boolean);
  return new UsageError(message, [...hints, 'tranche --help lists the commands, tranche COMMAND --help its flags']);
}

/** `did you mean role or top?` from `(Did you mean one of role, top?)`; other lines as they are. */
function nearest(line: string): string {
  const [, several, names = ''] = /^\(Did you mean (one of )?(.*)\?\)$/.exec(line) ?? [];
  if (names === '') return line;
  return `did you mean ${several === undefined ? names : names.replace(/, (?=[^,]*$)/, ' or ')}?`;
}
