import type { SchedulerCall, SchedulerCallType } from '../generated/scheduler.js';
import { uuidError } from '../values/uuid.js';

/** Calls that need no member of their own. */
const WITHOUT_MEMBER: ReadonlySet<SchedulerCallType> = new Set<SchedulerCallType>([
  'UNKNOWN',
  'TEARDOWN',
  'REVIVE',
  'SUPPRESS',
]);

/**
 * Why a scheduler's call is not valid: what follows `Failed to validate scheduler::Call: ` in the 400 answer.
 *
 * @param call a document that has all its required fields
 * @param principal authenticated principal, if any
 * @returns undefined for a valid call; `UNKNOWN` is valid here and answered with 501 later
 * @source scheduler API: checks, row 12
 */
export function validateSchedulerCall(call: SchedulerCall, principal?: string): string | undefined {
  if (call.type === undefined) return "Expecting 'type' to be present";
  if (call.type === 'SUBSCRIBE') return subscribeError(call, principal);
  if (call.framework_id === undefined) return "Expecting 'framework_id' to be present";
  if (WITHOUT_MEMBER.has(call.type)) return undefined;
  const member = call.type.toLowerCase();
  if (call[member as keyof SchedulerCall] === undefined) return `Expecting '${member}' to be present`;
  return memberError(call);
}

function subscribeError(call: SchedulerCall, principal: string | undefined): string | undefined {
  if (call.subscribe === undefined) return "Expecting 'subscribe' to be present";
  const framework = call.subscribe.framework_info;
  if ((framework.id?.value ?? '') !== (call.framework_id?.value ?? '')) {
    return "'framework_id' differs from 'subscribe.framework_info.id'";
  }
  return principalMismatch(framework.principal, principal);
}

/**
 * Text for a call whose authenticated principal is not that of its framework; undefined when they agree or one is absent.
 *
 * @param declared `FrameworkInfo.principal`
 * @param authenticated principal of the request
 */
export function principalMismatch(declared: string | undefined, authenticated: string | undefined): string | undefined {
  if (declared === undefined || authenticated === undefined || declared === authenticated) return undefined;
  return `Authenticated principal '${authenticated}' does not match principal '${declared}' set in \`FrameworkInfo\``;
}

function memberError(call: SchedulerCall): string | undefined {
  if (call.acknowledge !== undefined && call.type === 'ACKNOWLEDGE') return uuidError(call.acknowledge.uuid);
  if (call.acknowledge_operation_status !== undefined && call.type === 'ACKNOWLEDGE_OPERATION_STATUS') {
    const { uuid, agent_id } = call.acknowledge_operation_status;
    return uuidError(uuid) ?? (agent_id === undefined ? "Expecting 'agent_id' to be present" : undefined);
  }
  if (call.update_framework !== undefined && call.type === 'UPDATE_FRAMEWORK') {
    const id = call.update_framework.framework_info.id?.value ?? '';
    if (id !== call.framework_id?.value) return "'framework_id' differs from 'update_framework.framework_info.id'";
  }
  return undefined;
}
