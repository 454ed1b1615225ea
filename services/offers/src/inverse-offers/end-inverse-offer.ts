import type { InverseOfferAnswer, InverseOfferRecord } from '@tranche/contracts';
import type { Filters, OfferID } from '@tranche/mesos-api';
import { type Framework, isConnected, sendEvent } from '../frameworks/framework.js';
import { refuseSecondsOf } from '../offers/decline-offers.js';
import type { OffersContext } from '../offers-context.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'clock'>;

/**
 * ACCEPT_INVERSE_OFFERS and DECLINE_INVERSE_OFFERS: the answer is noted for the maintenance status, and no new inverse offer is made while
 * the filter lasts. Advisory: nothing is taken from the framework, and nothing is left to it. Unknown ids are ignored.
 *
 * @source scheduler API §4, allocation rule A78
 */
export function answerInverseOffers(
  context: Context,
  framework: Framework,
  ids: readonly OfferID[],
  answer: InverseOfferAnswer,
  filters: Filters | undefined,
): void {
  const refuseSeconds = refuseSecondsOf(filters);
  for (const { value } of ids) {
    const record = context.state.inverseOffers.get(value);
    if (record?.frameworkId !== framework.frameworkId || !context.state.inverseOffers.remove(record)) continue;
    const { frameworkId, agentId } = record;
    context.state.inverseOffers.noteAnswer(record, answer, context.clock.nowMs());
    context.changes.inverseOfferEnded(record, answer);
    context.allocator.answerInverseOffer({ frameworkId, agentId, answer, refuseSeconds });
  }
}

/** Ends an inverse offer without an answer. The framework is not told: its stream is gone. */
export function withdrawInverseOffer(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  record: InverseOfferRecord,
): void {
  end(context, record, 'withdrawn');
}

/** Ends an inverse offer on the cluster's side and tells the framework so. */
export function rescindInverseOffer(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  record: InverseOfferRecord,
  outcome: 'rescinded' | 'expired' = 'rescinded',
): void {
  if (!end(context, record, outcome)) return;
  const framework = context.state.frameworks.get(record.frameworkId);
  if (framework === undefined || !isConnected(framework)) return;
  const inverse_offer_id = { value: record.inverseOfferId };
  sendEvent(framework, { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: { inverse_offer_id } });
}

function end(
  { state, changes, allocator }: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  record: InverseOfferRecord,
  outcome: 'rescinded' | 'expired' | 'withdrawn',
): boolean {
  if (!state.inverseOffers.remove(record)) return false;
  changes.inverseOfferEnded(record, outcome);
  allocator.answerInverseOffer({ frameworkId: record.frameworkId, agentId: record.agentId });
  return true;
}
