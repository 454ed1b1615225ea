import type { Instance } from './instance.js';
import type { RunPorts } from './run-framework.js';

/** So often it is asked how far launches are. */
const LOOK_MS = 500;

/**
 * Asks how far the launches of instances are that take longer than a moment, and has it shown: on a terminal again and again, elsewhere once for each
 * step. Ends with the signal; never fails.
 */
export async function followLaunches(
  { io, reporter, progressOf }: Pick<RunPorts, 'io' | 'reporter' | 'progressOf'>,
  instances: readonly Instance[],
  over: AbortSignal,
): Promise<void> {
  while (await io.sleep(LOOK_MS, over)) {
    for (const instance of instances.filter(({ phase }) => phase === 'starting')) {
      const { taskId } = instance;
      const progress = taskId === undefined ? undefined : await progressOf(taskId).catch(() => undefined);
      if (over.aborted || instance.phase !== 'starting' || instance.taskId !== taskId) continue;
      const before = instance.progress;
      const isNew = progress !== undefined && before?.step !== progress.step;
      instance.progress = progress && {
        ...progress,
        ...(isNew || before === undefined
          ? { sinceMs: io.clock.nowMs(), sinceBytes: progress.doneBytes ?? 0 }
          : { sinceMs: before.sinceMs, sinceBytes: before.sinceBytes }),
      };
      if (isNew) reporter.changed(instance);
    }
  }
}
