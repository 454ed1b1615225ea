import type { CliContext } from '../cli-context.js';
import { isTable } from './list-view.js';

/** Prints one thing: for people as `text` says, else its JSON or its name. */
export function showOne({ io, settings }: CliContext, item: object, name: string, text: () => string): void {
  if (isTable({ settings } as CliContext)) io.stdout.write(text());
  else if (settings.output === 'name') io.stdout.write(`${name}\n`);
  else io.stdout.write(`${JSON.stringify(item, undefined, settings.output === 'jsonl' ? undefined : 2)}\n`);
}

/** A thing, and how it is shown. */
export interface Shown {
  readonly item: object;
  readonly name: string;
  readonly text: () => string;
}

/** Prints what a command was asked about: each for people with a line between, JSON of one as it is and of several as a list. */
export function showAll(context: CliContext, things: readonly Shown[]): void {
  const isList = things.length > 1 && context.settings.output === 'json';
  if (isList) context.io.stdout.write(`${JSON.stringify({ items: things.map(({ item }) => item) }, undefined, 2)}\n`);
  else
    things.forEach(({ item, name, text }, index) =>
      showOne(context, item, name, () => `${index === 0 ? '' : '\n'}${text()}`),
    );
}

/** `name   value` lines, values in one column. */
export function factsText(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join('');
}
