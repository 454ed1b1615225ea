import type { OfferRecord } from '@tranche/contracts';
import type { AgentEntry } from './agent-entry.js';
import type { FrameworkEntry } from './framework-entry.js';
import type { TaskEntry } from './task-entry.js';

/** What has changed since the documents were last brought up to date. Each set is in order of the last change. */
export interface ModelChanges {
  readonly tasks: Set<TaskEntry>;
  /** No longer shown. */
  readonly forgottenTasks: Set<TaskEntry>;
  readonly frameworks: Set<FrameworkEntry>;
  readonly forgottenFrameworks: Set<FrameworkEntry>;
  readonly agents: Set<AgentEntry>;
  /** Made, by id. */
  readonly offers: Map<string, OfferRecord>;
  /** Ended; an id that is in both was made anew. */
  readonly endedOffers: Set<OfferRecord>;
}

export const noChanges = (): ModelChanges => ({
  tasks: new Set(),
  forgottenTasks: new Set(),
  frameworks: new Set(),
  forgottenFrameworks: new Set(),
  agents: new Set(),
  offers: new Map(),
  endedOffers: new Set(),
});

/** Puts an element last, also when it is there. */
export function touch<T>(set: Set<T>, element: T): void {
  set.delete(element);
  set.add(element);
}
