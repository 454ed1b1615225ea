import type { OffersContext } from '../offers-context.js';
import { forgetFrameworks } from './remove-framework.js';

/** Forgets what ended longer ago than the retention. */
export function expireHistory(context: Pick<OffersContext, 'state' | 'changes' | 'clock'>, retentionMs: number): void {
  const { state, changes, clock } = context;
  const nowMs = clock.nowMs();
  const oldestMs = nowMs - retentionMs;
  const frameworks = [...state.frameworks.allCompleted()].filter(
    ({ record }) => (record.unregisteredAtMs ?? nowMs) < oldestMs,
  );
  if (frameworks.length > 0) forgetFrameworks(context, frameworks);
  const tasks = [...state.tasks.allCompleted()].filter(({ record }) => (record.endedAtMs ?? nowMs) < oldestMs);
  for (const task of tasks) state.tasks.forget(task);
  if (tasks.length > 0) changes.forgotten({ tasks });
}
