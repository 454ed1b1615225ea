import type { CliContext } from '../cli-context.js';
import { isTable } from './list-view.js';

/** Prints one thing: for people as `text` says, else its JSON or its name. */
export function showOne({ io, settings }: CliContext, item: object, name: string, text: () => string): void {
  if (isTable({ settings } as CliContext)) io.stdout.write(text());
  else if (settings.output === 'name') io.stdout.write(`${name}\n`);
  else io.stdout.write(`${JSON.stringify(item, undefined, settings.output === 'jsonl' ? undefined : 2)}\n`);
}

/** `name   value` lines, values in one column. */
export function factsText(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join('');
}
