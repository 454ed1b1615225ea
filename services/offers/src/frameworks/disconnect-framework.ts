import type { OffersContext } from '../offers-context.js';
import { withdrawInverseOffer } from '../inverse-offers/end-inverse-offer.js';
import { returnOffer } from '../offers/return-offer.js';
import { awaitReturn } from './await-return.js';
import { failoverTimeoutMs, type Framework } from './framework.js';
import { disconnected } from './framework-state.js';
import { removeFramework } from './remove-framework.js';
import type { SchedulerStream } from './scheduler-stream.port.js';

/**
 * A framework's stream has ended: its offers are withdrawn, it gets no more, and it may come back until its failover deadline. A framework
 * without a failover timeout is removed at once.
 *
 * @param stream the one that ended; ignored when the framework has another by now
 * @param reason for people: `closed by the scheduler`, `reads too slowly: …`
 */
export function disconnectFramework(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock'>,
  framework: Framework,
  stream: SchedulerStream,
  reason: string,
): void {
  if (framework.stream !== stream) return;
  delete framework.stream;
  const { state, changes, clock } = context;
  for (const offer of state.offers.ofFramework(framework.frameworkId)) returnOffer(context, offer, 'withdrawn');
  for (const inverse of state.inverseOffers.ofFramework(framework.frameworkId)) withdrawInverseOffer(context, inverse);
  framework.record = disconnected(framework.record, reason, clock.nowMs());
  if (failoverTimeoutMs(framework.record.info) === 0) {
    removeFramework(context, framework, `disconnected (${reason}) without a failover timeout`);
    return;
  }
  changes.framework(framework.record);
  awaitReturn(context, framework);
}
