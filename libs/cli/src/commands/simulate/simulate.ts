import { overviewOf, parseScenario, resultJson, ScenarioError, ScenarioRun, summaryJson } from '@tranche/allocation';
import type { Command } from 'commander';
import type { GlobalFlags } from '../../cli.config.js';
import { type CliIo, writeAll } from '../../cli-io.js';
import { UsageError } from '../../cli.errors.js';
import type { Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { painter } from '../../output/cells.js';
import { overviewText } from './overview-text.js';
import { headingText, stepText, summaryText } from './step-text.js';

/**
 * `tranche simulate`: replays a scenario against the allocation engine, with a clock of its own. Needs no cluster and no settings.
 *
 * Exit code 0: all expectations hold · 1: some failed · 2: the scenario is malformed, as one line on standard error says.
 */
export const registerSimulate: Register = (program, cli) => {
  program
    .command('simulate')
    .description('replay a scenario against the allocator: what would be offered to whom, if …')
    .argument('<FILE>', 'the scenario, JSON; - is standard input')
    .action(async function act(this: Command, file: string): Promise<void> {
      const flags = this.optsWithGlobals<GlobalFlags>();
      cli.exitCode = await simulate(cli.io, await readScenario(cli.io, file), flags);
    });
};

/** @returns the exit code */
async function simulate(io: CliIo, text: string, flags: GlobalFlags): Promise<number> {
  const isJson = flags.json === true || flags.output === 'json' || flags.output === 'jsonl';
  try {
    const run = new ScenarioRun(parseScenario(text));
    await (isJson ? printJson(io, run) : printText(io, run, flags));
    return run.summary.failed > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    io.stderr.write(`${error.message}\n`);
    return EXIT_CODES.usage;
  }
}

async function printJson({ stdout }: CliIo, run: ScenarioRun): Promise<void> {
  for (const result of run.results()) await writeAll(stdout, `${resultJson(result)}\n`);
  await writeAll(stdout, `${summaryJson(run.summary)}\n`);
}

async function printText({ stdout, env }: CliIo, run: ScenarioRun, flags: GlobalFlags): Promise<void> {
  const paint = painter(flags.color !== false && !env['NO_COLOR'] && stdout.isTTY === true);
  const { name, description } = run.scenario;
  await writeAll(stdout, headingText(name, description));
  for (const result of run.results()) await writeAll(stdout, stepText(result, paint));
  await writeAll(stdout, `${overviewText(overviewOf(run.simulation))}\n${summaryText(run.summary, paint)}`);
}

/** @throws UsageError when there is no such file, or it cannot be read */
async function readScenario(io: CliIo, file: string): Promise<string> {
  let text: string | undefined;
  try {
    text = await io.readFile(file);
  } catch (error) {
    // A folder, a file of other people, one too large to be a text.
    throw new UsageError(`${file}: ${(error as Error).message}`, [], { cause: error });
  }
  if (text === undefined) throw new UsageError(`${file}: there is no such file`);
  return text;
}
