import type { AgentCall, AgentCallType } from '../generated/agent.js';
import { missingMember } from './call-member.js';
import { containerIdError } from './container-id.js';

/** Calls that have no member of their own, or one that may be absent. */
const WITHOUT_MEMBER: ReadonlySet<AgentCallType> = new Set<AgentCallType>([
  'UNKNOWN',
  'GET_HEALTH',
  'GET_FLAGS',
  'GET_VERSION',
  'GET_LOGGING_LEVEL',
  'GET_STATE',
  'GET_CONTAINERS',
  'GET_FRAMEWORKS',
  'GET_EXECUTORS',
  'GET_OPERATIONS',
  'GET_TASKS',
  'GET_AGENT',
  'GET_RESOURCE_PROVIDERS',
  'PRUNE_IMAGES',
]);

/**
 * Why a call to an agent is not valid: what follows `Failed to validate agent::Call: ` in the 400 answer.
 *
 * @param call a document that has all its required fields
 * @returns undefined for a valid call; `UNKNOWN` is valid here and answered with 501 later
 * @source operator API §4, §5; recorded agent answers
 */
export function validateAgentCall(call: AgentCall): string | undefined {
  const missing = missingMember(call, WITHOUT_MEMBER);
  if (missing !== undefined) return expecting(missing);
  const input = call.attach_container_input;
  if (input !== undefined && call.type === 'ATTACH_CONTAINER_INPUT') {
    if (input.type === undefined) return expecting('attach_container_input.type');
    const lacksId = input.type === 'CONTAINER_ID' && input.container_id === undefined;
    if (lacksId) return expecting('attach_container_input.container_id');
  }
  return containerError(call);
}

const expecting = (member: string): string => `Expecting '${member}' to be present`;

/** Calls about containers, by their members, and whether the container must be nested. */
const CONTAINER_CALLS = {
  launch_container: false,
  wait_container: false,
  kill_container: false,
  remove_container: false,
  launch_nested_container: true,
  wait_nested_container: true,
  kill_nested_container: true,
  remove_nested_container: true,
  launch_nested_container_session: true,
  attach_container_output: false,
  attach_container_input: false,
} as const satisfies Partial<Record<keyof AgentCall, boolean>>;

function containerError(call: AgentCall): string | undefined {
  const member = call.type?.toLowerCase() as keyof typeof CONTAINER_CALLS;
  const id = call[member]?.container_id;
  if (id === undefined) return undefined;
  const error = containerIdError(id);
  if (error !== undefined) return `'${member}.container_id' is invalid: ${error}`;
  return CONTAINER_CALLS[member] && id.parent === undefined ? expecting(`${member}.container_id.parent`) : undefined;
}
