import { NotFoundError } from '../cli.errors.js';
import { shortIds } from '../names/short-ids.js';

/** So many candidates are named. */
const MAX_CANDIDATES = 20;

/** The flag of commands that may change several things at once. */
export interface AllMatchingFlag {
  allMatching?: boolean;
}

/** Its arguments for `option`. */
export const ALL_MATCHING = [
  '--all-matching',
  'all that the name matches, instead of exactly one; several are confirmed',
] as const;

/** How candidates are told apart. */
export interface Candidates<T> {
  /** `agent`. */
  readonly kind: string;
  readonly nameOf: (item: T) => string;
  readonly idOf: (item: T) => string;
  /** The ids are no ids: addresses, of which nobody finds a beginning. */
  readonly isWhole?: boolean;
}

/**
 * The things that a command is meant for, of those that a name matches: exactly one, or with `--all-matching` every one.
 *
 * @param matches at least one
 * @param flags of a command that has the flag; without it, always one
 * @throws NotFoundError for several, with the candidates
 */
export function chooseTargets<T>(
  matches: readonly T[],
  text: string,
  candidates: Candidates<T>,
  flags?: AllMatchingFlag,
): T[] {
  if (matches.length === 1 || flags?.allMatching === true) return [...matches];
  const short = candidates.isWhole === true ? new Map<string, string>() : shortIds(matches.map(candidates.idOf));
  const shown = matches.slice(0, MAX_CANDIDATES).map((one) => {
    const [id, name] = [candidates.idOf(one), candidates.nameOf(one)];
    const shown = short.get(id) ?? id;
    return id === name ? shown : `${name}  ${shown}`;
  });
  throw new NotFoundError(`"${text}" matches ${matches.length} ${candidates.kind}s`, [
    ...shown,
    ...(matches.length > MAX_CANDIDATES ? [`and ${matches.length - MAX_CANDIDATES} more`] : []),
    flags === undefined ? 'name one of them' : 'name one of them, or add --all-matching',
  ]);
}

/** All that any of the names means, each once: what commands that only read are about. */
export async function matchesOfAll<T extends { readonly id: string }>(
  names: readonly string[],
  find: (name: string) => Promise<readonly T[]>,
): Promise<T[]> {
  const found = new Map<string, T>();
  for (const name of names) for (const one of await find(name)) found.set(one.id, one);
  return [...found.values()];
}

/** The one thing that is meant. @throws NotFoundError for several, with the candidates */
export function chooseTarget<T>(matches: readonly T[], text: string, candidates: Candidates<T>): T {
  const [target] = chooseTargets(matches, text, candidates);
  if (target !== undefined) return target;
  throw new NotFoundError(`no ${candidates.kind} matches "${text}"`, []);
}
