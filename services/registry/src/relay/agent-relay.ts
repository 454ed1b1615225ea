import { permitsOf, type Problem, problem, ProblemError } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import type { AgentRoster } from '../agents/agent-roster.js';
import { addressOf, awayProblem } from './agent-away.js';
import { type AgentAddress, type AgentAnswer, AgentAwayError, type AgentHttp } from './agent-http.port.js';

/** More of a refusal's text than any agent sends. */
const MAX_TEXT_BYTES = 4 << 10;

/** Asks agents for others: finds the agent, and says in our words why it does not answer, or refuses. */
export class AgentRelay {
  constructor(
    private readonly roster: AgentRoster,
    private readonly http: AgentHttp,
  ) {}

  /**
   * Asks as whoever sends a request, where there are ACLs: what may be done to a container is known to its agent, which has the same. Where there are
   * none, as the registry, which has asked for credentials.
   */
  for(request: FastifyRequest): AgentRelay {
    if (permitsOf(request).isOpen) return this;
    return new AgentRelay(this.roster, this.http.as(request.headers.authorization));
  }

  /** @throws ProblemError 404 for an unknown agent, 503 for one that has left */
  address(agentId: string): AgentAddress {
    return addressOf(agentId, this.roster.get(agentId));
  }

  /**
   * Runs something that asks an agent.
   *
   * @throws ProblemError 503 with the reason when the agent does not answer
   */
  async asking<T>(agentId: string, ask: (http: AgentHttp, agent: AgentAddress) => Promise<T>): Promise<T> {
    const agent = this.address(agentId);
    try {
      return await ask(this.http, agent);
    } catch (error) {
      if (error instanceof AgentAwayError) throw awayProblem(this.roster.get(agentId), error);
      throw error;
    }
  }

  /** @throws ProblemError when the agent does not answer, or refuses */
  async get(agentId: string, target: string, signal: AbortSignal): Promise<AgentAnswer> {
    const answer = await this.asking(agentId, (http, agent) => http.get(agent, target, signal));
    if (answer.status >= 400) throw await refusalOf(answer, agentId);
    return answer;
  }
}

/** What an agent refused, as a problem. Its text is read; it is short. */
export async function refusalOf(answer: AgentAnswer, agentId: string): Promise<ProblemError> {
  const text = (await refusalText(answer)).trim();
  return new ProblemError(problemOf(answer.status, text, agentId));
}

function problemOf(status: number, text: string, agentId: string): Problem {
  if (status === 404) return problem(404, 'file.unknown', 'File not found', `agent ${agentId} has no such file`);
  if (status === 403) return problem(403, 'auth.not_permitted', 'Not permitted', `agent ${agentId}: ${text}`);
  if (status < 500) return problem(status, 'file.refused', 'Refused by the agent', text);
  return problem(503, 'agent.away', 'Agent away', `agent ${agentId} answered ${status}: ${text}`);
}

/** What an agent says of a refusal, as far as it is short. */
export async function refusalText({ body }: AgentAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_TEXT_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
