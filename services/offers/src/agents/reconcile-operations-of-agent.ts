import type { OperationReport } from '@tranche/contracts';
import type { Resources } from '@tranche/resources';
import type { OffersContext } from '../offers-context.js';
import { forgetOperation } from '../operations/end-operation.js';
import { hasEnded, type Operation, operationOf, setOperationStatus } from '../operations/operation.js';
import { masterOperationStatus, tellOwner } from '../operations/operation-status.js';
import { sendOperations } from '../operations/send-operations.js';
import type { TotalStatement } from './agent-totals.js';
import type { OperationPlan } from './plan-operations.js';

type Context = Pick<OffersContext, 'state' | 'changes' | 'agents' | 'clock'>;

/** Makes operations and the total agree with what an agent says of itself. Feedback that waits for an acknowledgement it repeats itself. */
export function reconcileOperationsOfAgent(context: Context, agentId: string, plan: OperationPlan): void {
  for (const report of plan.adopt) adopt(context, agentId, report);
  for (const { operation, report } of plan.follow) follow(context, operation, report);
  for (const operation of plan.forget) forgetOperation(context, operation);
  for (const operation of plan.drop) drop(context, operation);
  for (const operation of plan.sendAgain) expectAgain(context, operation);
  void sendOperations(context, agentId, plan.sendAgain);
}

/** The books follow the agent's total, with what is still to be done of it. @param truth whether that is just what it has reported */
export function takeTotal(context: Context, agentId: string, { total }: OperationPlan, isTruth: boolean): void {
  const { totals } = context.state;
  const wasChanged = totals.isChanged(agentId);
  totals.registered(agentId, isTruth ? undefined : total);
  // What was stated before the agent's registration may arrive after it.
  if (wasChanged || !isTruth) context.changes.totalChanged(stated(totals.statementOf(agentId), total), !isTruth);
}

/** Of an agent whose total is ours alone it is stated as it was counted. */
const stated = (statement: TotalStatement, total: Resources): TotalStatement =>
  statement.change === undefined ? { ...statement, resources: total.toJson() } : statement;

function adopt(context: Context, agentId: string, report: OperationReport): void {
  const operation = operationOf(report, { agentId, nowMs: context.clock.nowMs() });
  const isOwned = report.frameworkId !== undefined && context.state.frameworks.get(report.frameworkId) !== undefined;
  if (hasEnded(operation) && (!isOwned || report.latestStatus.uuid === undefined)) return;
  context.state.operations.add(operation);
  context.changes.operationUpdated(operation, report.latestStatus);
}

function follow(context: Context, operation: Operation, { latestStatus }: OperationReport): void {
  if (hasEnded(operation)) return;
  if (latestStatus.state !== operation.record.latestStatus.state) {
    setOperationStatus(operation, latestStatus, context.clock.nowMs());
    context.changes.operationUpdated(operation, latestStatus);
  }
  if (hasEnded(operation) && latestStatus.uuid === undefined) forgetOperation(context, operation);
}

function drop(context: Context, operation: Operation): void {
  const status = masterOperationStatus(operation, 'OPERATION_DROPPED', 'Operation is unknown to the agent');
  setOperationStatus(operation, status, context.clock.nowMs());
  context.changes.operationUpdated(operation, status);
  tellOwner(context.state, operation, status);
  forgetOperation(context, operation);
}

function expectAgain(context: Context, operation: Operation): void {
  operation.isSentAgain = true;
  const { operationId } = operation.record;
  const status = {
    ...(operationId === undefined ? {} : { operation_id: { value: operationId } }),
    state: 'OPERATION_PENDING' as const,
  };
  if (operation.record.latestStatus.state !== status.state) {
    setOperationStatus(operation, status, context.clock.nowMs());
  }
  context.changes.operationUpdated(operation);
}
