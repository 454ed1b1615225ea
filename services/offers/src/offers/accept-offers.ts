import type { OfferOperation, SchedulerCallAccept, TaskInfo, TaskState, TaskStatusReason } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { activeTrace, inSpan, SPAN, storedTrace } from '@tranche/telemetry';
import { type Agent, isReachable } from '../agents/agent.js';
import { type Framework, sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { LaunchCandidate } from '../tasks/launch-rules/launch-rule.js';
import { launchError } from '../tasks/launch-rules/launch-rules.js';
import { neededBy } from '../tasks/launch-rules/fit.rules.js';
import { launchTasks } from '../tasks/launch-tasks.js';
import { candidateOf, documentsOf, launchOperationError } from '../tasks/prepare-launch.js';
import { holdResources } from '../tasks/release-resources.js';
import { type Task, userOf } from '../tasks/task.js';
import { stateFor } from '../tasks/task-state.js';
import { masterStatus } from '../tasks/task-status.js';
import { checkAcceptedOffers } from './check-accepted-offers.js';
import { declineOffers, ownOffers, refuseSecondsOf } from './decline-offers.js';
import type { Offer } from './offer.js';
import { returnOffer } from './return-offer.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock'>;

/**
 * ACCEPT: launches tasks on offered resources; what they leave goes back with the filters.
 *
 * Without operations, or with nothing to launch, it declines. Every task that is not sent to its agent gets a status that says why.
 *
 * @param traceId W3C trace id that the tasks' life belongs to
 * @returns when the broker has the launches, or their tasks are answered for
 */
export async function acceptOffers(
  context: Context,
  framework: Framework,
  accept: SchedulerCallAccept,
  traceId: string,
): Promise<void> {
  const offerIds = accept.offer_ids ?? [];
  const launches = (accept.operations ?? []).filter(({ type }) => type === 'LAUNCH');
  const tasks = launches.flatMap(({ launch }) => launch?.task_infos ?? []);
  if (tasks.length === 0) {
    declineOffers(context, framework, offerIds, accept.filters);
    return;
  }
  const checked = checkAcceptedOffers(context.state.offers, framework.frameworkId, offerIds);
  if (!checked.ok) {
    const message = `Task launched with invalid offers: ${checked.reason}`;
    for (const offer of ownOffers(context.state, framework, offerIds)) returnOffer(context, offer, 'withdrawn');
    drop(context, framework, tasks, 'REASON_INVALID_OFFERS', message);
    return;
  }
  const agent = context.state.agents.get(checked.offers[0].record.agentId);
  if (agent === undefined || !isReachable(agent)) {
    for (const offer of checked.offers) returnOffer(context, offer, 'withdrawn');
    const [reason, message] = agentAway(agent);
    drop(context, framework, tasks, reason, message);
    return;
  }
  const acceptance = { framework, agent, offers: checked.offers, traceId };
  const launched = inSpan(SPAN.validate, {}, () => bookLaunches(context, acceptance, launches, accept));
  await launchTasks(context, agent.agentId, launched);
}

const agentAway = (agent: Agent | undefined): [TaskStatusReason, string] =>
  agent === undefined ? ['REASON_AGENT_REMOVED', 'Agent removed'] : ['REASON_AGENT_DISCONNECTED', 'Agent disconnected'];

interface Acceptance {
  readonly framework: Framework;
  readonly agent: Agent;
  readonly offers: readonly [Offer, ...Offer[]];
  readonly traceId: string;
}

/** Turns offers into tasks in the books, one after the other against what is left, and gives the remainder back. */
function bookLaunches(
  context: Context,
  acceptance: Acceptance,
  launches: readonly OfferOperation[],
  accept: SchedulerCallAccept,
): Task[] {
  const { framework, offers } = acceptance;
  const { role } = offers[0].record;
  let available = Resources.EMPTY;
  for (const offer of offers) {
    context.state.offers.remove(offer);
    context.changes.offerEnded(offer.record, 'accepted');
    available = available.plus(Resources.fromJson(offer.record.resources));
  }
  const launched: Task[] = [];
  for (const operation of launches) {
    const infos = operation.launch?.task_infos ?? [];
    const error = launchOperationError(operation);
    if (error !== undefined) {
      refuse(context, framework, infos, error);
      continue;
    }
    for (const info of infos) {
      const candidate = candidateOf(info, framework.frameworkId, role);
      const booked = book(context, acceptance, candidate, available);
      if (booked === undefined) continue;
      available = booked.left;
      launched.push(booked.task);
    }
  }
  giveBack(context, acceptance, available, refuseSecondsOf(accept.filters));
  return launched;
}

/** Books one task, or tells the framework why it cannot be launched. */
function book(
  context: Context,
  { framework, agent, offers, traceId }: Acceptance,
  candidate: LaunchCandidate,
  available: Resources,
): { readonly task: Task; readonly left: Resources } | undefined {
  const { frameworkId } = framework;
  const scene = { frameworkId, agent, tasks: context.state.tasks, available };
  const error = launchError(candidate, scene);
  if (error !== undefined) {
    refuse(context, framework, [candidate.info], error);
    return undefined;
  }
  const needed = neededBy(candidate, scene);
  const held = documentsOf(candidate.resources.withoutAllocationRole());
  const holdsForExecutor = needed !== candidate.resources;
  const heldForExecutor = holdsForExecutor ? documentsOf(candidate.executorResources.withoutAllocationRole()) : [];
  const task: Task = {
    stage: 'live',
    held,
    heldForExecutor,
    record: {
      frameworkId,
      taskId: candidate.info.task_id.value,
      agentId: agent.agentId,
      role: offers[0].record.role,
      info: candidate.info,
      resources: [...held, ...heldForExecutor],
      state: 'TASK_STAGING',
      statuses: [],
      user: userOf(candidate.info, framework.record.info.user),
      launchedAtMs: context.clock.nowMs(),
      ...storedTrace(traceId, activeTrace()),
    },
  };
  context.state.tasks.add(task);
  holdResources(context.state, task);
  context.changes.taskLaunched(task);
  return { task, left: available.minus(needed) };
}

function giveBack(context: Context, { offers }: Acceptance, left: Resources, refuseSeconds: number): void {
  if (left.isEmpty) return;
  const { frameworkId, agentId, role } = offers[0].record;
  const resources = documentsOf(left.withoutAllocationRole());
  context.allocator.recover({ frameworkId, agentId, role, resources, refuseSeconds });
}

/** Tasks that cannot be launched as they are: they never enter the books. */
function refuse(context: Context, framework: Framework, tasks: readonly TaskInfo[], message: string): void {
  tell(context, framework, tasks, { state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID', message });
}

/** Tasks whose offers or agent are gone: the framework may launch them elsewhere. */
function drop(
  context: Context,
  framework: Framework,
  tasks: readonly TaskInfo[],
  reason: TaskStatusReason,
  message: string,
): void {
  tell(context, framework, tasks, { state: stateFor(framework.capabilities, 'TASK_DROPPED'), reason, message });
}

function tell(
  context: Context,
  framework: Framework,
  tasks: readonly TaskInfo[],
  what: { readonly state: TaskState; readonly reason: TaskStatusReason; readonly message: string },
): void {
  const nowMs = context.clock.nowMs();
  for (const { task_id, agent_id } of tasks) {
    const status = masterStatus({ taskId: task_id.value, agentId: agent_id.value, nowMs, ...what });
    sendEvent(framework, { type: 'UPDATE', update: { status } });
  }
}
