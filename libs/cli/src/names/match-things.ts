import { NotFoundError } from '../cli.errors.js';
import { isShortOf } from './short-ids.js';

/** Something with an id and other names: an agent with its host name, a framework with its name. */
export interface NamedThing {
  id: string;
  otherName: string;
}

/**
 * The ids that a person means: the id itself, else everything of that name, else by a short form of the id.
 *
 * @param kind in the error: `agent`, `framework`
 * @param listCommand that shows what there is
 * @throws NotFoundError when there is none
 */
export function matchIds(things: readonly NamedThing[], text: string, kind: string, listCommand: string): Set<string> {
  const tests: ((thing: NamedThing) => boolean)[] = [
    ({ id }) => id === text,
    ({ otherName }) => otherName === text,
    ({ id }) => isShortOf(text, id),
  ];
  for (const test of tests) {
    const matches = things.filter(test);
    if (matches.length > 0) return new Set(matches.map(({ id }) => id));
  }
  const names = new Set(things.map(({ otherName }) => otherName));
  throw new NotFoundError(`no ${kind} matches "${text}"`, [`try: ${listCommand}`], { text, names });
}
