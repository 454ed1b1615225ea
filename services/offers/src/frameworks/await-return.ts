import type { OffersContext } from '../offers-context.js';
import { failoverTimeoutMs, type Framework } from './framework.js';
import { removeFramework } from './remove-framework.js';

/** Removes a framework that is away, unless it comes back before its failover deadline. */
export function awaitReturn(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock'>,
  framework: Framework,
): void {
  const { failoverDeadlineMs } = framework.record;
  if (failoverDeadlineMs === undefined) return;
  framework.cancelRemoval?.();
  const { clock } = context;
  framework.cancelRemoval = clock.after(failoverDeadlineMs - clock.nowMs(), () => {
    const timeoutS = failoverTimeoutMs(framework.record.info) / 1000;
    removeFramework(context, framework, `failover timeout of ${timeoutS} s passed`);
  });
}
