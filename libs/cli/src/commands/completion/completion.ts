import type { Command, Option } from 'commander';
import type { CliContext } from '../../cli-context.js';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { namesOfArgument, namesOfFlag } from './names.js';

/** Scripts for a shell's start-up file. Each asks this program what may follow the words so far. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_tranche() {
  local IFS=$'\\n'
  COMPREPLY=($(tranche completion --candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tranche tranche
`,
  zsh: `#compdef tranche
_tranche() {
  local -a candidates
  candidates=("\${(@f)$(tranche completion --candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $candidates
}
compdef _tranche tranche
`,
  fish: `complete -c tranche -f -a '(tranche completion --candidates -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};

interface CompletionFlags {
  candidates?: boolean;
}

/** `tranche completion`: the script for a shell, and, called by that script, what may follow. */
export const registerCompletion: Register = (program, cli) => {
  program
    .command('completion')
    .description('print the completion script of a shell: source <(tranche completion bash)')
    .argument('[WORDS...]', Object.keys(SCRIPTS).join(', '))
    .option('--candidates', 'print what may follow the words; the scripts call this')
    .action(
      action<CompletionFlags>(cli, async (context, words, { candidates }) => {
        const { io } = context;
        if (candidates) {
          const found = await candidatesFor(await cli.fullProgram(), words, context);
          io.stdout.write(found.map((word) => `${word}\n`).join(''));
          return;
        }
        const script = SCRIPTS[words[0] ?? ''];
        if (script === undefined)
          throw new UsageError(`"${words[0] ?? ''}" is no shell that is known`, [
            `shells: ${Object.keys(SCRIPTS).join(' ')}`,
          ]);
        io.stdout.write(script);
      }),
    );
};

/** What may follow: flags of the command, values of the flag before, verbs, or names of what the next argument stands for. */
async function candidatesFor(program: Command, words: readonly string[], context: CliContext): Promise<string[]> {
  const partial = words.at(-1) ?? '';
  const place = placeOf(program, words.slice(0, -1));
  return [...new Set(await candidatesAt(program, place, partial, context))]
    .filter((word) => word.startsWith(partial))
    .sort();
}

async function candidatesAt(
  program: Command,
  { command, position, flag }: Place,
  partial: string,
  context: CliContext,
): Promise<readonly string[]> {
  if (flag !== undefined) return namesOfFlag(context, flag.long ?? '');
  if (partial.startsWith('-')) return [...command.options, ...program.options].flatMap(({ long }) => long ?? []);
  const { registeredArguments } = command;
  const argument = registeredArguments[position] ?? registeredArguments.findLast(({ variadic }) => variadic);
  const verbs = position === 0 ? command.commands.map((child) => child.name()) : [];
  return [...verbs, ...(argument === undefined ? [] : await namesOfArgument(context, argument.name()))];
}

/** Where in a command line its end is. */
interface Place {
  readonly command: Command;
  /** How many arguments the command has already. */
  readonly position: number;
  /** Whose value comes next. */
  readonly flag: Option | undefined;
}

function placeOf(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, position: 0, flag: undefined };
  for (const word of words) place = afterWord(program, place, word);
  return place;
}

function afterWord(program: Command, { command, position, flag }: Place, word: string): Place {
  if (flag !== undefined) return { command, position, flag: undefined };
  if (word.startsWith('-')) {
    const option = [...command.options, ...program.options].find(({ long, short }) => word === long || word === short);
    return { command, position, flag: option?.required || option?.optional ? option : undefined };
  }
  const child = position === 0 ? command.commands.find((one) => one.name() === word) : undefined;
  return child === undefined ? { command, position: position + 1, flag } : { command: child, position: 0, flag };
}
