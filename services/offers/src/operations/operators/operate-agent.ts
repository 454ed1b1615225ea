import type { OperateAgent, OperateAnswer, YieldedResources } from '@tranche/contracts';
import type { OfferOperation } from '@tranche/mesos-api';
import {
  applyConversion,
  type Conversion,
  conversionOf,
  ResourceError,
  Resources,
  validateResources,
} from '@tranche/resources';
import { type Agent, isReachable } from '../../agents/agent.js';
import { reportUsage } from '../../agents/report-usage.js';
import type { OffersContext } from '../../offers-context.js';
import { noteOperation } from '../note-operation.js';
import { hasEnded, type Operation } from '../operation.js';
import { preparedOperation, resourcesOf } from '../prepare-operation.js';
import { isResourceOperation, operatorsError } from '../rules/operation-rules.js';
import { sendOperations } from '../send-operations.js';
import type { Siblings } from './siblings.port.js';
import { usedVolumes } from '../volumes-in-use.js';
import { yieldResources } from './yield-resources.js';

export interface OperateContext extends OffersContext {
  readonly siblings: Siblings;
  /** Settles when what was changed so far is in the database. Rejects when the database is away. */
  stored(): Promise<void>;
}

/** What was taken back from frameworks is free this many times this much later, or somebody else has got it. */
const MAX_ATTEMPTS = 20;
const ATTEMPT_DELAY_MS = 25;

/** An agent that has not done it after this long does it later: it is booked, and with the agent. */
const AGENT_TIMEOUT_MS = 5_000;

/**
 * An operator's operation, on what is free on an agent: offers that are in its way are taken back.
 *
 * The rules are those of frameworks' operations, without what is about being allocated to somebody.
 *
 * @param traceId W3C trace id of the request
 * @source operator API §2.2
 */
export async function operateAgent(
  context: OperateContext,
  { agentId, info: asked, principal, isTrial }: OperateAgent,
  traceId: string,
): Promise<OperateAnswer> {
  const agent = context.state.agents.get(agentId);
  if (agent === undefined || !isRegistered(agent)) return badRequest('No agent found with specified ID');
  if (!isReachable(agent)) return { outcome: 'conflict', message: `Agent ${agentId} is disconnected` };
  const checked = check(context, agent, asked, principal);
  if (!checked.ok) return badRequest(checked.error);
  const { info, conversion } = checked;
  if (isTrial === true) return trial(context, agentId, conversion);
  const taken = await take(context, agentId, info, conversion);
  if (taken !== undefined) return taken;
  // The agent may have registered again meanwhile, with less.
  const { consumed, converted } = conversion;
  const total = applyConversion(context.state.totals.of(agentId), consumed, converted);
  if (total.ok) {
    context.state.totals.convert(agentId, conversion, total.resources);
    context.changes.totalChanged(context.state.totals.statementOf(agentId), true);
  }
  // What the allocator has converted holds by this, and is undone by it otherwise.
  reportUsage(context, agentId);
  if (!total.ok) return { outcome: 'conflict', message: total.reason };
  const operation = noteOperation(context, info, { agentId, traceId });
  await sendOperations(context, agentId, [operation]);
  const isEnded = await ended(context, operation);
  // Whoever looks it up finds it. Without the database it is done all the same.
  await context.stored().catch(() => undefined);
  return afterAgent(operation, isEnded);
}

function trial({ state }: OperateContext, agentId: string, { consumed, converted }: Conversion): OperateAnswer {
  const total = applyConversion(state.totals.of(agentId), consumed, converted);
  return total.ok ? { outcome: 'accepted' } : { outcome: 'conflict', message: total.reason };
}

const badRequest = (message: string): OperateAnswer => ({ outcome: 'bad-request', message });

const isRegistered = ({ record: { state } }: Agent): boolean =>
  state === 'active' || state === 'deactivated' || state === 'disconnected';

type Checked =
  | { readonly ok: true; readonly info: OfferOperation; readonly conversion: Conversion }
  | { readonly ok: false; readonly error: string };

function check(context: OperateContext, agent: Agent, asked: OfferOperation, principal: string | undefined): Checked {
  const fault = validateResources(resourcesOf(asked));
  if (fault !== undefined) return { ok: false, error: fault };
  const info = preparedOperation(asked);
  const { agentId } = agent;
  const scene = {
    asker: { principal },
    agent,
    total: context.state.totals.of(agentId),
    used: usedVolumes(context, agentId),
  };
  const error = isResourceOperation(info.type)
    ? operatorsError(info, scene)
    : `${info.type ?? 'UNKNOWN'} is no operation on resources`;
  if (error !== undefined) return { ok: false, error };
  try {
    const conversion = conversionOf(info);
    // Disks of resource providers, of which there are none.
    if (conversion === undefined) return { ok: false, error: `${info.type} needs a resource provider` };
    // What has no size is nothing; its agent would refuse it.
    if (conversion.consumed.isEmpty)
      return { ok: false, error: `Invalid ${info.type} operation: no resources are named` };
    return { ok: true, info, conversion };
  } catch (cause) {
    if (!(cause instanceof ResourceError)) throw cause;
    return { ok: false, error: cause.message };
  }
}

/**
 * Has the allocator convert what is free; offers that hold what is missing are taken back.
 *
 * @returns why it cannot be done; undefined when the allocator has done it
 */
async function take(
  context: OperateContext,
  agentId: string,
  { type }: OfferOperation,
  { consumed, converted }: Conversion,
): Promise<OperateAnswer | undefined> {
  const { partition } = context.state;
  const documents = { consumed: consumed.toJson(), converted: converted.toJson() };
  const volumes = type === 'DESTROY' ? documents.consumed : [];
  let isWaiting = false;
  // A shared volume is free also while it is offered.
  if (volumes.length > 0 && (await makeRoom(context, { agentId, wanted: [], volumes })).isInUse) return IN_USE;
  for (let attempt = 1; ; attempt++) {
    const answer = await context.allocator.convertFree({ agentId, partition: partition.index, ...documents });
    if (answer.outcome === 'converted') return undefined;
    if (answer.outcome === 'unknown-agent') {
      return { outcome: 'unavailable', message: `What is held on agent ${agentId} is not known yet` };
    }
    const free = Resources.fromJson(answer.free ?? []);
    const wanted = consumed.minus(free).toJson();
    const { rescinded, isInUse } = await makeRoom(context, { agentId, wanted, volumes });
    if (isInUse) return IN_USE;
    isWaiting ||= rescinded > 0;
    if (!isWaiting || attempt === MAX_ATTEMPTS) {
      return { outcome: 'conflict', message: `${free.toString()} does not contain ${consumed.toString()}` };
    }
    await new Promise<void>((resolve) => context.clock.after(ATTEMPT_DELAY_MS, resolve));
  }
}

const IN_USE = badRequest('Invalid DESTROY operation: Persistent volumes in use');

/** In all partitions. */
async function makeRoom(
  context: OperateContext,
  request: Parameters<typeof yieldResources>[1],
): Promise<YieldedResources> {
  const all = [yieldResources(context, request), ...(await context.siblings.yield(request))];
  return {
    rescinded: all.reduce((sum, { rescinded }) => sum + rescinded, 0),
    isInUse: all.some(({ isInUse }) => isInUse),
  };
}

/** @returns when the agent has answered for it, or has had its time */
async function ended(context: OperateContext, operation: Operation): Promise<boolean> {
  if (hasEnded(operation)) return true;
  return new Promise((resolve) => {
    context.state.operations.whenRemoved(operation, () => resolve(true));
    context.clock.after(AGENT_TIMEOUT_MS, () => resolve(false));
  });
}

function afterAgent({ record }: Operation, isEnded: boolean): OperateAnswer {
  const { operationUuid, latestStatus } = record;
  if (!isEnded || latestStatus.state === 'OPERATION_FINISHED') return { outcome: 'accepted', operationUuid };
  const why = latestStatus.message === undefined ? '' : `: ${latestStatus.message}`;
  return { outcome: 'conflict', message: `The agent has not done it, ${latestStatus.state}${why}`, operationUuid };
}
