import { NotFoundError } from '../../cli.errors.js';

/** The things that a person means: by an id, else by a name, else by a beginning of an id. @throws NotFoundError when there is none */
export function matchById<T extends { readonly id: string }>(
  items: readonly T[],
  text: string,
  kind: string,
  listCommand: string,
  nameOf: (item: T) => string | undefined = () => undefined,
): T[] {
  const tests: ((item: T) => boolean)[] = [
    ({ id }) => id === text,
    (item) => nameOf(item) === text,
    ({ id }) => text !== '' && id.startsWith(text),
  ];
  for (const test of tests) {
    const matches = items.filter(test);
    if (matches.length > 0) return matches;
  }
  throw new NotFoundError(`no ${kind} matches "${text}"`, [`try: ${listCommand}`]);
}
