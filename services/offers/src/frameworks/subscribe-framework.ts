import { capabilitiesOf, rolesOf } from '@tranche/mesos-api';
import { withdrawInverseOffer } from '../inverse-offers/end-inverse-offer.js';
import { returnOffer, rescindOffer } from '../offers/return-offer.js';
import type { OffersContext } from '../offers-context.js';
import { subscriptionError } from './check-terms.js';
import { type Framework, type FrameworkTerms, frameworkOf, sendEvent } from './framework.js';
import { resubscribed, subscribed } from './framework-state.js';
import { OutgoingEvent, type SchedulerStream } from './scheduler-stream.port.js';

type Context = Pick<
  OffersContext,
  'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'ids' | 'settings' | 'authorizer'
>;

export type Subscription =
  | { readonly ok: true; readonly framework: Framework }
  /** The stream has got an ERROR event with this message and is ended. */
  | { readonly ok: false; readonly message: string };

/**
 * SUBSCRIBE: a new framework, or a known one that comes (back) with this stream.
 *
 * Known and connected: a failover, the old stream is told and closed. Known and away, recovered, or never heard of under its id: it goes on
 * under that id. The stream gets SUBSCRIBED and the first HEARTBEAT before anything else.
 */
export function subscribeFramework(context: Context, terms: FrameworkTerms, stream: SchedulerStream): Subscription {
  const { state } = context;
  const frameworkId = terms.info.id?.value ?? '';
  const roles = rolesOf(terms.info);
  const message = subscriptionError(context, frameworkId, terms, roles);
  if (message !== undefined) {
    stream.send(new OutgoingEvent({ type: 'ERROR', error: { message } }));
    stream.end();
    return { ok: false, message };
  }
  const known = state.frameworks.get(frameworkId);
  const framework = known ?? newFramework(context, frameworkId === '' ? unusedId(context) : frameworkId, terms);
  if (known !== undefined) comeBack(context, known, terms, roles);
  framework.stream = stream;
  welcome(context, framework, stream);
  context.changes.framework(framework.record);
  if (known !== undefined) tellAgents(context, known);
  return { ok: true, framework };
}

/** A scheduler may have come with an id from the sequence, and with a fixed cluster id the sequence begins anew at each start. */
function unusedId({ ids, state: { frameworks } }: Context): string {
  let id = ids.nextFrameworkId();
  while (frameworks.get(id) !== undefined || frameworks.completed(id) !== undefined) id = ids.nextFrameworkId();
  return id;
}

function newFramework(context: Context, frameworkId: string, terms: FrameworkTerms): Framework {
  const framework = frameworkOf(subscribed(frameworkId, terms, context.clock.nowMs()));
  context.state.frameworks.add(framework);
  return framework;
}

/** Ends what belonged to the framework's earlier connection, and takes its new terms. */
function comeBack(context: Context, framework: Framework, terms: FrameworkTerms, roles: readonly string[]): void {
  framework.cancelRemoval?.();
  delete framework.cancelRemoval;
  const offers = context.state.offers.ofFramework(framework.frameworkId);
  for (const offer of offers) if (!roles.includes(offer.record.role)) rescindOffer(context, offer);
  if (framework.stream !== undefined) {
    sendEvent(framework, { type: 'ERROR', error: { message: 'Framework failed over' } });
    framework.stream.end();
  }
  // Without RESCIND: the new scheduler never saw them, the old one is gone.
  for (const offer of offers) returnOffer(context, offer, 'withdrawn');
  const inverse = context.state.inverseOffers.ofFramework(framework.frameworkId);
  for (const record of inverse) withdrawInverseOffer(context, record);
  framework.record = resubscribed(framework.record, terms, context.clock.nowMs());
  framework.capabilities = capabilitiesOf(framework.record.info);
}

function welcome({ settings }: Context, framework: Framework, stream: SchedulerStream): void {
  const subscribedEvent = {
    framework_id: { value: framework.frameworkId },
    heartbeat_interval_seconds: settings.heartbeatIntervalMs / 1000,
    master_info: settings.masterInfo,
  };
  stream.send(new OutgoingEvent({ type: 'SUBSCRIBED', subscribed: subscribedEvent }));
  stream.keepAlive(settings.heartbeatIntervalMs);
}

/** Agents with its tasks take the framework's new terms and send what it has not acknowledged. */
function tellAgents({ state, agents }: Context, framework: Framework): void {
  const { frameworkId, record } = framework;
  const agentIds = new Set<string>();
  for (const task of state.tasks.ofFramework(frameworkId)) agentIds.add(task.record.agentId);
  for (const agentId of agentIds) agents.updateFramework(agentId, { frameworkId, framework: record.info });
}
