import { NotFoundError } from '../../cli.errors.js';

/** The one thing that a person means by its id or a beginning of that. @throws NotFoundError when there is none, or more than one */
export function chooseById<T extends { readonly id: string }>(
  items: readonly T[],
  text: string,
  kind: string,
  listCommand: string,
): T {
  const exact = items.find(({ id }) => id === text);
  if (exact !== undefined) return exact;
  const [found, another] = text === '' ? [] : items.filter(({ id }) => id.startsWith(text));
  if (found === undefined) throw new NotFoundError(`no ${kind} matches "${text}"`, [`try: ${listCommand}`]);
  if (another === undefined) return found;
  throw new NotFoundError(`more than one ${kind} matches "${text}"`, [found.id, another.id]);
}
