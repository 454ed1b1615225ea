import type { FrameworkRecord } from '@tranche/contracts';
import type { OffersContext } from '../offers-context.js';
import type { Task } from '../tasks/task.js';
import { holdResources } from '../tasks/release-resources.js';
import { awaitReturn } from './await-return.js';
import { frameworkOf } from './framework.js';
import { recovered } from './framework-state.js';

/** What the database remembers, each list oldest first. */
export interface Remembered {
  readonly frameworks: readonly FrameworkRecord[];
  readonly tasks: readonly Task[];
}

/**
 * Takes up where an earlier life of this service stopped: frameworks may subscribe again, their deadlines counting from now, and their
 * tasks are live until their agents say otherwise.
 */
export function recoverFrameworks(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'settings'>,
  remembered: Remembered,
): void {
  const { state, clock, settings } = context;
  for (const record of remembered.frameworks) {
    if (record.state === 'removed') {
      state.frameworks.complete(frameworkOf(record));
      continue;
    }
    const framework = frameworkOf(recovered(record, clock.nowMs(), settings.recoveryGraceMs));
    state.frameworks.add(framework);
    context.changes.framework(framework.record);
    awaitReturn(context, framework);
  }
  for (const task of remembered.tasks) {
    // A task without its framework can only be history: the framework was removed in the same breath.
    if (task.stage === 'completed' || state.frameworks.get(task.record.frameworkId) === undefined) {
      state.tasks.addCompleted({ ...task, stage: 'completed', held: [], heldForExecutor: [] });
      continue;
    }
    state.tasks.add(task);
    if (task.held.length > 0) holdResources(state, task);
  }
}
