import type { ExecutorCall } from '../generated/executor.js';
import type { CheckStatusInfo, TaskStatus } from '../generated/mesos.js';
import { uuidError } from '../values/uuid.js';

/**
 * Why an executor's call is not valid: what follows `Failed to validate Executor::Call: ` in the 400 answer.
 *
 * @param call a document that has all its required fields, hence both ids
 * @returns undefined for a valid call; `UNKNOWN` is valid here and answered with 501 later
 * @source executor API: validation details
 */
export function validateExecutorCall(call: ExecutorCall): string | undefined {
  switch (call.type) {
    case undefined:
      return "Expecting 'type' to be present";
    case 'SUBSCRIBE':
      return call.subscribe === undefined ? "Expecting 'subscribe' to be present" : undefined;
    case 'MESSAGE':
      return call.message === undefined ? "Expecting 'message' to be present" : undefined;
    case 'UPDATE':
      return call.update === undefined ? "Expecting 'update' to be present" : updateError(call, call.update.status);
    default:
      return undefined;
  }
}

function updateError(call: ExecutorCall, status: TaskStatus): string | undefined {
  if (status.uuid === undefined) return "Expecting 'uuid' to be present";
  const error = uuidError(status.uuid);
  if (error !== undefined) return error;
  const executor = call.executor_id.value;
  if (status.executor_id !== undefined && status.executor_id.value !== executor) {
    return `ExecutorID in Call: ${executor} does not match ExecutorID in TaskStatus: ${status.executor_id.value}`;
  }
  const sender = `executor ${executor} of framework ${call.framework_id.value}`;
  // An unset source means SOURCE_MASTER, the first value of the enum.
  if (status.source !== 'SOURCE_EXECUTOR') {
    return `Received Call from ${sender} with invalid source, expecting 'SOURCE_EXECUTOR'`;
  }
  if (status.state === 'TASK_STAGING') return `Received TASK_STAGING from ${sender} which is not allowed`;
  return status.check_status === undefined ? undefined : checkStatusError(status.check_status);
}

function checkStatusError(status: CheckStatusInfo): string | undefined {
  switch (status.type) {
    case undefined:
      return "CheckStatusInfo must specify 'type'";
    case 'COMMAND':
      return status.command === undefined ? "Expecting 'command' to be set for COMMAND check's status" : undefined;
    case 'HTTP':
      return status.http === undefined ? "Expecting 'http' to be set for HTTP check's status" : undefined;
    case 'TCP':
      return status.tcp === undefined ? "Expecting 'tcp' to be set for TCP check's status" : undefined;
    default:
      return `'${status.type}' is not a valid check's status type`;
  }
}
