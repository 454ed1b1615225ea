import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { resourcesEval } from '@tranche/resources';
import type { Command } from 'commander';

/**
 * `tranche resources eval`: answers JSON lines about resources from standard input, one line each, as they come.
 * Needs no cluster and no settings; exit code 0 when the input was read to its end, whatever the answers.
 */
export function registerResourcesEval(program: Command): void {
  const noun = program.commands.find((command) => command.name() === 'resources') ?? program.command('resources');
  noun.description('work with resource values');
  noun
    .command('eval')
    .description('answer requests about resources: JSON lines in, JSON lines out')
    .option('--json', 'accepted as everywhere; the answers are JSON anyway')
    .action(() => evalResources(process.stdin, process.stdout));
}

/**
 * Answers every line of the input on the output, which stays open.
 *
 * @throws what the streams throw, but for a reader that has gone (`… | head -1`), which ends the work in peace
 */
export async function evalResources(input: Readable, output: Writable): Promise<void> {
  input.setEncoding('utf8');
  try {
    await pipeline(input, answerLines, output, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

async function* answerLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  for await (const answer of resourcesEval(chunks)) yield `${answer}\n`;
}
