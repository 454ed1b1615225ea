import { problem, ProblemError, unknown } from '@tranche/http';
import type { KnownAgent } from '../agents/known-agent.js';
import type { AgentAddress, AgentAwayError } from './agent-http.port.js';

/** After this an agent that was cut off is likely back, or known to be away. */
const RETRY_AFTER_SECONDS = 15;

/**
 * Where to ask an agent.
 *
 * One that is silent or has not registered again is asked all the same: its own API may well answer.
 *
 * @throws ProblemError 404 for an id that the registry does not know, 503 for an agent that has left
 */
export function addressOf(agentId: string, known: KnownAgent | undefined): AgentAddress {
  if (known === undefined) {
    throw new ProblemError(unknown('agent', `no agent has the id ${agentId}`));
  }
  const { state, ip, port, scheme, hostname } = known.record;
  if (state === 'removed' || state === 'gone') throw new ProblemError(away(known, 'it has left the cluster'));
  return { agentId, ip, port, ...(scheme === 'https' ? { tls: { hostname } } : {}) };
}

/** The answer when the agent could not be reached. */
export const awayProblem = (known: KnownAgent | undefined, error: AgentAwayError): ProblemError =>
  new ProblemError(
    known === undefined
      ? problem(503, 'agent.away', 'Agent away', error.message, { retryAfterSeconds: RETRY_AFTER_SECONDS })
      : away(known, error.finding, RETRY_AFTER_SECONDS),
  );

function away({ record }: KnownAgent, finding: string, retryAfterSeconds?: number) {
  const { agentId, hostname, ip, port, state, stateReason } = record;
  const standing = stateReason === undefined ? state : `${state}: ${stateReason}`;
  const detail = `agent ${agentId} on ${hostname} (${ip}:${port}) does not answer: ${finding}; it is ${standing}`;
  return problem(503, 'agent.away', 'Agent away', detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
