import type { AgentCall, AgentCallType } from '../generated/agent.js';
import { missingMember } from './call-member.js';

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
  return missing === undefined ? undefined : `Expecting '${missing}' to be present`;
}
