/** Where a task is or was, as far as its files are concerned. */
export interface TaskPlace {
  readonly frameworkId: string;
  readonly agentId: string;
  /** Of a command task: the task's own id. */
  readonly executorId: string;
  /** The task's own id, for a task of a group: its sandbox is within that of its executor. */
  readonly nestedTaskId?: string;
  /** It has not ended: a task of the same id that has is passed over. */
  readonly isLive: boolean;
}

export type FoundTask<T extends TaskPlace = TaskPlace> =
  | { readonly kind: 'found'; readonly place: T }
  | { readonly kind: 'unknown' }
  /** Several frameworks have a task of this id. */
  | { readonly kind: 'ambiguous'; readonly frameworkIds: readonly string[] };

/**
 * Picks the task that is meant among those with its id: the live one, else the newest of the one framework that has it.
 *
 * @param places oldest first
 */
export function chooseTask<T extends TaskPlace>(places: readonly T[], frameworkId: string | undefined): FoundTask<T> {
  const candidates = frameworkId === undefined ? places : places.filter((place) => place.frameworkId === frameworkId);
  const frameworkIds = [...new Set(candidates.map((place) => place.frameworkId))];
  if (frameworkIds.length > 1) return { kind: 'ambiguous', frameworkIds };
  const place = candidates.findLast((candidate) => candidate.isLive) ?? candidates.at(-1);
  return place === undefined ? { kind: 'unknown' } : { kind: 'found', place };
}
