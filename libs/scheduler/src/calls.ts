import type {
  Filters,
  OfferOperation,
  OperationStatus,
  SchedulerCall,
  SchedulerCallAccept,
  SchedulerCallReconcileTask,
  TaskInfo,
  TaskStatus,
} from '@tranche/mesos-api';

/** A call without the framework's id, which the scheduler adds. */
export type Call = Omit<SchedulerCall, 'framework_id'>;

/** An offer, or only its id. */
export type OfferRef = string | { id: { value: string } };

/** A task to ask about; with its agent the answer is surer, see `Scheduler.reconcile`. */
export interface TaskRef {
  taskId: string;
  agentId?: string;
}

/** An operation to ask about. */
export interface OperationRef {
  operationId: string;
  agentId?: string;
}

/** Options of `kill`. */
export interface KillOptions {
  /** If given and not the task's agent, the call is ignored. */
  agentId?: string;
  /** From SIGTERM to SIGKILL; 0 is SIGKILL at once. Without it the task's own kill policy holds, else 3 s. */
  gracePeriodMs?: number;
}

export function acceptCall(offers: readonly OfferRef[], operations: OfferOperation[], filters?: Filters): Call {
  const accept: SchedulerCallAccept = { offer_ids: offers.map(offerId), operations };
  return { type: 'ACCEPT', accept: { ...accept, ...(filters && { filters }) } };
}

export function declineCall(offers: readonly OfferRef[], filters?: Filters): Call {
  return { type: 'DECLINE', decline: { offer_ids: offers.map(offerId), ...(filters && { filters }) } };
}

/** The operation that launches `tasks`, each in a container of its own. */
export function launchOperation(tasks: TaskInfo[]): OfferOperation {
  return { type: 'LAUNCH', launch: { task_infos: tasks } };
}

export function inverseOffersCall(answer: 'accept' | 'decline', ids: readonly string[], filters?: Filters): Call {
  const body = { inverse_offer_ids: ids.map((value) => ({ value })), ...(filters && { filters }) };
  return answer === 'accept'
    ? { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: body }
    : { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: body };
}

export function killCall(taskId: string, { agentId, gracePeriodMs }: KillOptions): Call {
  return {
    type: 'KILL',
    kill: {
      task_id: { value: taskId },
      ...(agentId !== undefined && { agent_id: { value: agentId } }),
      ...(gracePeriodMs !== undefined && {
        kill_policy: { grace_period: { nanoseconds: Math.round(gracePeriodMs * 1e6) } },
      }),
    },
  };
}

/** @returns undefined when the status asks for no acknowledgement: it has no uuid, or names no agent */
export function acknowledgeCall(status: TaskStatus): Call | undefined {
  if (status.uuid === undefined || status.agent_id === undefined) return undefined;
  return {
    type: 'ACKNOWLEDGE',
    acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
  };
}

/** @returns undefined when the status asks for no acknowledgement: it has no uuid or no operation id */
export function acknowledgeOperationCall(status: OperationStatus): Call | undefined {
  const { uuid, operation_id, agent_id, resource_provider_id } = status;
  if (uuid === undefined || operation_id === undefined) return undefined;
  return {
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    acknowledge_operation_status: {
      uuid: uuid.value,
      operation_id,
      ...(agent_id && { agent_id }),
      ...(resource_provider_id && { resource_provider_id }),
    },
  };
}

export function reconcileCall(tasks: readonly TaskRef[]): Call {
  return reconcileTasksCall(
    tasks.map(({ taskId, agentId }) => ({
      task_id: { value: taskId },
      ...(agentId !== undefined && { agent_id: { value: agentId } }),
    })),
  );
}

export function reconcileTasksCall(tasks: SchedulerCallReconcileTask[]): Call {
  return { type: 'RECONCILE', reconcile: { tasks } };
}

export function reconcileOperationsCall(operations: readonly OperationRef[]): Call {
  const asked = operations.map(({ operationId, agentId }) => ({
    operation_id: { value: operationId },
    ...(agentId !== undefined && { agent_id: { value: agentId } }),
  }));
  return { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: asked } };
}

/** @param roles none means all roles of the framework */
export function reviveCall(roles: readonly string[]): Call {
  return { type: 'REVIVE', ...(roles.length > 0 && { revive: { roles: [...roles] } }) };
}

/** @param roles none means all roles of the framework */
export function suppressCall(roles: readonly string[]): Call {
  return { type: 'SUPPRESS', ...(roles.length > 0 && { suppress: { roles: [...roles] } }) };
}

export function messageCall(agentId: string, executorId: string, data: Uint8Array): Call {
  return {
    type: 'MESSAGE',
    message: {
      agent_id: { value: agentId },
      executor_id: { value: executorId },
      data: Buffer.from(data).toString('base64'),
    },
  };
}

export function shutdownCall(agentId: string, executorId: string): Call {
  return { type: 'SHUTDOWN', shutdown: { agent_id: { value: agentId }, executor_id: { value: executorId } } };
}

function offerId(offer: OfferRef): { value: string } {
  return { value: typeof offer === 'string' ? offer : offer.id.value };
}
