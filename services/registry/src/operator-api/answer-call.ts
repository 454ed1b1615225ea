import { mayDo, OPEN_PERMITS, type Permits, sightOf } from '@tranche/http';
import type { MasterCall, MasterCallType } from '@tranche/mesos-api';
import { onceSaved, type Saved } from '../draining/operator-order.js';
import type { ReadMetrics } from '../metrics/read-metrics.js';
import { operationOf } from './agent-operations.js';
import { askedByCall } from './asked-by-call.js';
import type { AskedServices } from './asked-services.js';
import { type CallAnswer, DONE, refuse, respond } from './call-answer.js';
import { LOG_CALLS, type LogScene } from './log-calls.js';
import { MAINTENANCE_CALLS, type MaintenanceScene } from './maintenance-calls.js';
import { type OperatorContext, responseTo } from './operator-calls.js';
import { seenResponse } from './seen-response.js';
import type { OperatorOrders } from './operator-orders.js';

/** What calls are answered from. */
export interface OperatorScene extends OperatorContext, MaintenanceScene, LogScene {
  readonly orders: OperatorOrders;
  readonly saved: Saved;
  readonly services: AskedServices;
  readonly metrics: Pick<ReadMetrics, 'read'>;
}

/** A call whose members were checked to be there. */
type KnownCall = MasterCall & { readonly type: MasterCallType };

/** Who sends a call. */
export interface Caller {
  /** Absent: it was not asked for credentials. */
  readonly principal?: string | undefined;
  readonly permits: Permits;
}

/** What `quota` answers. */
const ROLE_CALLS: ReadonlySet<MasterCallType> = new Set([
  ...(['GET_ROLES', 'GET_WEIGHTS', 'UPDATE_WEIGHTS'] as const),
  ...(['GET_QUOTA', 'UPDATE_QUOTA', 'SET_QUOTA', 'REMOVE_QUOTA'] as const),
]);

/**
 * Any call but SUBSCRIBE, whose answer has no end.
 *
 * @param caller who calls, where credentials are asked for, and what it may do
 */
export async function answerCall(
  call: KnownCall,
  scene: OperatorScene,
  caller: Caller = { permits: OPEN_PERMITS },
): Promise<CallAnswer> {
  const { permits } = caller;
  if (!mayDo(permits, ...askedByCall(call))) return refuse({ kind: 'forbidden' });
  const answer = await carryOut(call, scene, caller);
  return answer.kind === 'response' ? respond(seenResponse(answer.response, permits)) : answer;
}

async function carryOut(call: KnownCall, scene: OperatorScene, { principal, permits }: Caller): Promise<CallAnswer> {
  const { type } = call;
  const order = scene.orders[type]?.(call);
  if (order !== undefined) {
    const outcome = await onceSaved(order, scene.saved);
    return outcome.ok ? DONE : refuse(outcome.refusal);
  }
  if (ROLE_CALLS.has(type)) return scene.services.roles(call);
  if (type === 'GET_METRICS') {
    const metrics = await scene.metrics.read();
    return respond({ type, get_metrics: { metrics: metrics.map(([name, value]) => ({ name, value })) } });
  }
  if (type === 'TEARDOWN') return teardown(call.teardown?.framework_id.value ?? '', scene, permits);
  const operation = operationOf(call);
  if (operation !== undefined) {
    const { agentId, info } = operation;
    return agentId === undefined
      ? refuse({ kind: 'bad-request', message: `Expecting 'agent_id' to be present in ${type}` })
      : scene.services.operation({ agentId, info }, principal);
  }
  const answer = MAINTENANCE_CALLS[type] ?? LOG_CALLS[type];
  if (answer !== undefined) return answer(call, scene);
  const response = responseTo(type, scene, sightOf(permits));
  if (response !== undefined) return respond(response);
  return refuse({ kind: 'not-implemented', ...(type === 'UNKNOWN' ? {} : { call: type }) });
}

/** A framework that is not known here yet is nobody's: it may be ended by who may end all. */
function teardown(frameworkId: string, { model, services }: OperatorScene, permits: Permits): Promise<CallAnswer> {
  const owner = model.framework(frameworkId)?.record.info.principal;
  if (mayDo(permits, ['teardown_frameworks', owner])) return services.teardown(frameworkId);
  return Promise.resolve(refuse({ kind: 'forbidden' }));
}
