import type { MasterCall, MasterCallType } from '@tranche/mesos-api';
import { onceSaved, type Saved } from '../draining/operator-order.js';
import type { ReadMetrics } from '../metrics/read-metrics.js';
import { operationOf } from './agent-operations.js';
import type { AskedServices } from './asked-services.js';
import { type CallAnswer, DONE, refuse, respond } from './call-answer.js';
import { LOG_CALLS, type LogScene } from './log-calls.js';
import { MAINTENANCE_CALLS, type MaintenanceScene } from './maintenance-calls.js';
import { type OperatorContext, responseTo } from './operator-calls.js';
import type { OperatorOrders } from './operator-orders.js';

/** What calls are answered from. */
export interface OperatorScene extends OperatorContext, MaintenanceScene, LogScene {
  readonly orders: OperatorOrders;
  readonly saved: Saved;
  readonly services: AskedServices;
  readonly metrics: Pick<ReadMetrics, 'read'>;
}

/** What `quota` answers. */
const ROLE_CALLS: ReadonlySet<MasterCallType> = new Set([
  ...(['GET_ROLES', 'GET_WEIGHTS', 'UPDATE_WEIGHTS'] as const),
  ...(['GET_QUOTA', 'UPDATE_QUOTA', 'SET_QUOTA', 'REMOVE_QUOTA'] as const),
]);

/**
 * Any call but SUBSCRIBE, whose answer has no end. Its members were checked to be there.
 *
 * @param principal who calls, where credentials are asked for
 */
export async function answerCall(
  call: MasterCall & { readonly type: MasterCallType },
  scene: OperatorScene,
  principal?: string,
): Promise<CallAnswer> {
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
  if (type === 'TEARDOWN') return scene.services.teardown(call.teardown?.framework_id.value ?? '');
  const operation = operationOf(call);
  if (operation !== undefined) {
    const { agentId, info } = operation;
    return agentId === undefined
      ? refuse({ kind: 'bad-request', message: `Expecting 'agent_id' to be present in ${type}` })
      : scene.services.operation({ agentId, info }, principal);
  }
  const answer = MAINTENANCE_CALLS[type] ?? LOG_CALLS[type];
  if (answer !== undefined) return answer(call, scene);
  const response = responseTo(type, scene);
  if (response !== undefined) return respond(response);
  return refuse({ kind: 'not-implemented', ...(type === 'UNKNOWN' ? {} : { call: type }) });
}
