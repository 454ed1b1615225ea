import type { ReportOperationStatus } from '@tranche/contracts';
import type { OperationStatus } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import type { Heard } from '../tasks/task.js';
import { forgetOperation } from './end-operation.js';
import { hasEnded, isTerminalOperation, type Operation, operationOf, setOperationStatus } from './operation.js';
import { tellOperationStatus } from './operation-status.js';

type Context = Pick<OffersContext, 'state' | 'changes' | 'agents' | 'clock'>;

/**
 * Takes what an agent says of an operation, and passes it on if feedback is wanted.
 *
 * A repeated status is passed on again, since the framework may have missed it, but changes nothing. What could not be done was done here
 * in advance: the agent is asked to register again, and the books follow its truth. Statuses that nobody will acknowledge, of
 * frameworks that are gone, are acknowledged here.
 *
 * @param heard the message that it came with
 * @returns false: of an operation that nobody here knows
 */
export function updateOperation(context: Context, report: ReportOperationStatus, heard?: Heard): boolean {
  const { agentId, operationUuid } = report;
  const { operations, frameworks } = context.state;
  const status = toldStatus(report);
  const uuid = status.uuid?.value;
  const framework = report.frameworkId === undefined ? undefined : frameworks.get(report.frameworkId);
  const known = operations.get(operationUuid);
  if (known === undefined && uuid !== undefined && operations.isAcknowledged(operationUuid, uuid)) {
    context.agents.acknowledgeOperation(agentId, { agentId, operationUuid, statusUuid: uuid });
    return true;
  }
  const operation = known ?? (framework === undefined || uuid === undefined ? undefined : stray(context, report));
  if (operation !== undefined && operation.record.agentId === agentId) {
    if (heard !== undefined) operation.heard = heard;
    book(context, operation, status);
  }
  const isValid = known?.record.agentId === agentId;
  if (uuid === undefined) return isValid;
  if (framework !== undefined) tellOperationStatus(framework, status);
  else acknowledgeForNobody(context, report, uuid);
  return isValid;
}

/** An operation that only its agent knows: kept until its framework has acknowledged what became of it. */
function stray({ state, clock }: Context, report: ReportOperationStatus): Operation {
  const { agentId, operationUuid, operationId, frameworkId } = report;
  const id = operationId === undefined ? undefined : { value: operationId };
  const named = id === undefined ? {} : { operation_id: id };
  const operation = operationOf(
    {
      operationUuid,
      ...(operationId === undefined ? {} : { operationId }),
      ...(frameworkId === undefined ? {} : { frameworkId }),
      info: { type: 'UNKNOWN', ...(id === undefined ? {} : { id }) },
      latestStatus: { ...named, state: 'OPERATION_PENDING' },
    },
    { agentId, nowMs: clock.nowMs() },
  );
  state.operations.add(operation);
  return operation;
}

/** Resources that the agent made are in its total; Mesos' agents do not list them for operations on their own resources. */
function toldStatus({ agentId, operationId, status }: ReportOperationStatus): OperationStatus {
  const { converted_resources: _inItsTotal, ...told } = status;
  return {
    ...(operationId === undefined ? {} : { operation_id: { value: operationId } }),
    ...told,
    agent_id: status.agent_id ?? { value: agentId },
  };
}

function book(context: Context, operation: Operation, status: OperationStatus): void {
  const { uuid } = status;
  if (uuid !== undefined) {
    if (uuid.value === operation.forwardedUuid) return;
    operation.forwardedUuid = uuid.value;
  }
  if (hasEnded(operation)) return;
  setOperationStatus(operation, status, context.clock.nowMs());
  context.changes.operationUpdated(operation, status);
  if (!isTerminalOperation(status.state)) return;
  const { agentId, operationUuid } = operation.record;
  if (status.state !== 'OPERATION_FINISHED') {
    const why = status.message === undefined ? '' : `: ${status.message}`;
    void context.agents.reregister(agentId, `operation ${operationUuid} was not done, ${status.state}${why}`);
  } else if (operation.isSentAgain === true) {
    void context.agents.reregister(agentId, `operation ${operationUuid} was sent again`);
  }
  if (uuid === undefined) forgetOperation(context, operation);
}

function acknowledgeForNobody(context: Context, { agentId, operationUuid }: ReportOperationStatus, uuid: string): void {
  const operation = context.state.operations.get(operationUuid);
  if (operation !== undefined && hasEnded(operation)) forgetOperation(context, operation);
  context.agents.acknowledgeOperation(agentId, { agentId, operationUuid, statusUuid: uuid });
}
