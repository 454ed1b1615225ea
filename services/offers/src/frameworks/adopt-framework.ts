import type { FrameworkInfo } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { awaitReturn } from './await-return.js';
import { type Framework, frameworkOf } from './framework.js';
import { recovered, subscribed } from './framework-state.js';

/** Takes in a framework that only an agent knows, by the tasks it has there: it may subscribe again until its deadline. */
export function adoptFramework(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'settings'>,
  frameworkId: string,
  info: FrameworkInfo,
): Framework {
  const nowMs = context.clock.nowMs();
  const record = subscribed(frameworkId, { info, suppressedRoles: [] }, nowMs);
  const framework = frameworkOf(recovered(record, nowMs, context.settings.recoveryGraceMs));
  context.state.frameworks.add(framework);
  awaitReturn(context, framework);
  context.changes.framework(framework.record);
  return framework;
}
