import type { OfferOperation, SchedulerCallAccept, TaskStatusReason } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { activeTrace, inSpan, SPAN, storedTrace } from '@tranche/telemetry';
import { type Agent, isReachable } from '../agents/agent.js';
import { reportUsage } from '../agents/report-usage.js';
import type { Framework } from '../frameworks/framework.js';
import { bookOperation } from '../operations/book-operation.js';
import { refuseOperation } from '../operations/operation-status.js';
import { preparationError } from '../operations/prepare-operation.js';
import { isResourceOperation } from '../operations/rules/operation-rules.js';
import { sendOperations } from '../operations/send-operations.js';
import { launchTasks } from '../tasks/launch-tasks.js';
import { bookGroup } from '../tasks/launches/book-group.js';
import { bookLaunch } from '../tasks/launches/book-launch.js';
import { dropTasks, refuseTasks } from '../tasks/launches/refuse-tasks.js';
import { documentsOf, launchOperationError, tasksOf } from '../tasks/prepare-launch.js';
import type { Acceptance, AcceptContext } from './acceptance.js';
import { checkAcceptedOffers } from './check-accepted-offers.js';
import { declineOffers, ownOffers, refuseSecondsOf } from './decline-offers.js';
import type { Offer } from './offer.js';
import { remainderOf, settled } from './remainder.js';
import { returnOffer } from './return-offer.js';

/**
 * ACCEPT: carries out its operations on the offers, in order; what they leave goes back with the filters, what they made without.
 *
 * Without operations, or with nothing to launch, it declines. Every task that is not sent to its agent gets a status that says why, and so
 * does every operation with an id.
 *
 * @param traceId W3C trace id that the life of its tasks and operations belongs to
 * @returns when the broker has what the agent shall do, or it is answered for; false when that is not known, because this life of the service has
 * ended
 */
export async function acceptOffers(
  context: AcceptContext,
  framework: Framework,
  accept: SchedulerCallAccept,
  traceId: string,
): Promise<boolean> {
  const offerIds = accept.offer_ids ?? [];
  const operations = (accept.operations ?? []).filter(doesSomething);
  if (operations.length === 0) {
    declineOffers(context, framework, offerIds, accept.filters);
    return true;
  }
  const checked = checkAcceptedOffers(context.state.offers, framework.frameworkId, offerIds);
  if (!checked.ok) {
    for (const offer of ownOffers(context.state, framework, offerIds)) returnOffer(context, offer, 'withdrawn');
    voidForOffers(context, framework, operations, checked.reason);
    return true;
  }
  const [first] = checked.offers;
  const { agentId, role } = first.record;
  const agent = context.state.agents.get(agentId);
  if (agent === undefined || !isReachable(agent)) {
    for (const offer of checked.offers) returnOffer(context, offer, 'withdrawn');
    voidForAgent(context, framework, operations, agent);
    return true;
  }
  const remainder = remainderOf(takeOffers(context, checked.offers));
  // Not the check's span: what happens to the tasks is below the call itself.
  const trace = storedTrace(traceId, activeTrace());
  const acceptance: Acceptance = { ...{ framework, agent, role, traceId, trace, remainder }, ...nothingDone() };
  inSpan(SPAN.validate, {}, () => {
    book(context, acceptance, operations);
    settle(context, acceptance, refuseSecondsOf(accept.filters));
  });
  await sendOperations(context, agentId, acceptance.operations);
  return launchTasks(context, agentId, acceptance.tasks);
}

const nothingDone = () => ({ tasks: [], operations: [], conversions: [], takesExtraCopies: false });

const doesSomething = (operation: OfferOperation): boolean =>
  isResourceOperation(operation.type) || (isLaunch(operation) && tasksOf(operation).length > 0);

const isLaunch = ({ type }: OfferOperation): boolean => type === 'LAUNCH' || type === 'LAUNCH_GROUP';

/** The offers cannot be accepted: nothing of the call is done. */
function voidForOffers(
  context: AcceptContext,
  framework: Framework,
  operations: readonly OfferOperation[],
  reason: string,
): void {
  const message = `Task launched with invalid offers: ${reason}`;
  for (const operation of operations) {
    if (isLaunch(operation)) dropTasks(context, framework, tasksOf(operation), 'REASON_INVALID_OFFERS', message);
    else refuseOperation(framework, operation, `Operation attempted with invalid offers: ${reason}`);
  }
}

/** The agent is gone, or cannot be reached. */
function voidForAgent(
  context: AcceptContext,
  framework: Framework,
  operations: readonly OfferOperation[],
  agent: Agent | undefined,
): void {
  const [reason, message]: [TaskStatusReason, string] =
    agent === undefined
      ? ['REASON_AGENT_REMOVED', 'Agent removed']
      : ['REASON_AGENT_DISCONNECTED', 'Agent disconnected'];
  for (const operation of operations) {
    if (isLaunch(operation)) dropTasks(context, framework, tasksOf(operation), reason, message);
    else refuseOperation(framework, operation, message, 'OPERATION_DROPPED');
  }
}

/** @returns all that was offered */
function takeOffers(context: AcceptContext, offers: readonly Offer[]): Resources {
  let offered = Resources.EMPTY;
  for (const offer of offers) {
    context.state.offers.remove(offer);
    context.changes.offerEnded(offer.record, 'accepted');
    offered = offered.plus(Resources.fromJson(offer.record.resources));
  }
  return offered;
}

/** First what is malformed is refused, then the others are done one after the other, each on what those before it left. */
function book(context: AcceptContext, acceptance: Acceptance, operations: readonly OfferOperation[]): void {
  const wellFormed = operations.filter((operation) => isWellFormed(context, acceptance, operation));
  for (const operation of wellFormed) {
    if (operation.type === 'LAUNCH') bookLaunch(context, acceptance, operation);
    else if (operation.type === 'LAUNCH_GROUP') bookGroup(context, acceptance, operation);
    else bookOperation(context, acceptance, operation);
  }
}

function isWellFormed(context: AcceptContext, { framework, agent }: Acceptance, operation: OfferOperation): boolean {
  const error = isLaunch(operation) ? launchOperationError(operation) : preparationError(operation, agent);
  if (error === undefined) return true;
  if (!isLaunch(operation)) refuseOperation(framework, operation, error);
  else if (operation.type === 'LAUNCH') refuseTasks(context, framework, tasksOf(operation), error);
  else refuseTasks(context, framework, tasksOf(operation), error, 'REASON_TASK_GROUP_INVALID');
  return false;
}

/** Tells the allocator what has become of the offers: what was converted, then what is free again. */
function settle(context: AcceptContext, acceptance: Acceptance, refuseSeconds: number): void {
  const { framework, agent, role, remainder, conversions } = acceptance;
  const { frameworkId } = framework;
  const { agentId } = agent;
  if (conversions.length > 0) {
    context.allocator.convert(conversions);
    context.changes.totalChanged(context.state.totals.statementOf(agentId), true);
  }
  const { made, refused } = settled(remainder);
  const free = (resources: Resources, filter: { readonly refuseSeconds?: number }): void => {
    if (resources.isEmpty) return;
    const documents = documentsOf(resources.withoutAllocationRole());
    context.allocator.recover({ frameworkId, agentId, role, resources: documents, ...filter });
  };
  free(made, {});
  free(refused, { refuseSeconds });
  if (acceptance.takesExtraCopies) reportUsage(context, agentId);
}
