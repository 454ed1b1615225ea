import { NotFoundError } from '../../cli.errors.js';

/** The one thing that a person means by its id, else by its name, else by a beginning of its id. @throws NotFoundError when there is none, or more than one */
export function chooseById<T extends { readonly id: string }>(
  items: readonly T[],
  text: string,
  kind: string,
  listCommand: string,
  nameOf: (item: T) => string | undefined = () => undefined,
): T {
  const exact = items.find(({ id }) => id === text);
  if (exact !== undefined) return exact;
  const named = items.filter((item) => nameOf(item) === text);
  const [found, another] = text === '' ? [] : named.length > 0 ? named : items.filter(({ id }) => id.startsWith(text));
  if (found === undefined) throw new NotFoundError(`no ${kind} matches "${text}"`, [`try: ${listCommand}`]);
  if (another === undefined) return found;
  throw new NotFoundError(`more than one ${kind} matches "${text}"`, [found.id, another.id]);
}
