import type { Unavailability } from '@tranche/mesos-api';
import { rescindInverseOffer } from '../inverse-offers/end-inverse-offer.js';
import { rescindOffer } from '../offers/return-offer.js';
import type { OffersContext } from '../offers-context.js';
import { agentOf } from './agent.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes'>;

/**
 * An agent is to be taken out of service, at another time, or not any more: its offers and inverse offers are rescinded, so that what comes
 * next says so, and what frameworks answered before counts no more.
 *
 * @source allocation rules A75, A77
 */
export function changeUnavailability(
  context: Context,
  agentId: string,
  unavailability: Unavailability | undefined,
): void {
  const { state } = context;
  const agent = state.agents.get(agentId);
  if (agent === undefined || isSameWindow(agent.record.unavailability, unavailability)) return;
  const { unavailability: _before, ...record } = agent.record;
  const changed = unavailability === undefined ? record : { ...record, unavailability };
  state.agents.set(agentOf(changed, agent.isRecovered));
  for (const offer of state.offers.ofAgent(agentId)) rescindOffer(context, offer);
  endInverseOffersOf(context, agentId);
}

/** Inverse offers of an agent whose window has changed, or that is lost, and what was answered to earlier ones. */
export function endInverseOffersOf(context: Context, agentId: string): void {
  const { inverseOffers } = context.state;
  for (const record of inverseOffers.ofAgent(agentId)) rescindInverseOffer(context, record);
  inverseOffers.forgetAnswersOf(agentId);
}

export const isSameWindow = (a: Unavailability | undefined, b: Unavailability | undefined): boolean =>
  String(a?.start.nanoseconds) === String(b?.start.nanoseconds) &&
  String(a?.duration?.nanoseconds) === String(b?.duration?.nanoseconds);
