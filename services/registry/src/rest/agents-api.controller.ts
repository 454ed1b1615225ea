import { Controller, Get, Param, Query } from '@nestjs/common';
import { AGENT_STATES, type AgentView, type Page } from '@tranche/contracts';
import { problem, ProblemError } from '@tranche/http';
import { statedRecord } from '../agents/known-agent.js';
import { ClusterModel } from '../model/cluster-model.js';
import { agentView } from './agent-view.js';
import { pageOf, parsePage, type QueryMistake } from './page-of.js';

type Query = Readonly<Record<string, unknown>>;

const STATE_MISTAKE = `must be one of ${AGENT_STATES.join(', ')}`;

/** `GET /v1/agents`, `GET /v1/agents/ID`. */
@Controller('v1/agents')
export class AgentsApiController {
  constructor(private readonly model: ClusterModel) {}

  /** `?state=` and `?hostname=` keep those of any of the given values. */
  @Get()
  list(@Query() query: Query): Page<AgentView> {
    const parsed = parsePage(query, ['state', 'hostname']);
    if (!parsed.ok) throw malformed(parsed.mistakes);
    const states = valuesOf(query['state']);
    const hostnames = valuesOf(query['hostname']);
    const unknown = states.find((state) => !AGENT_STATES.some((known) => known === state));
    if (unknown !== undefined) throw malformed([{ path: 'state', message: STATE_MISTAKE, value: unknown }]);
    const page = pageOf(
      this.model.agents.known(),
      parsed.page,
      (agent) => agent.agentId,
      (agent) => {
        const { state, hostname } = statedRecord(agent.known);
        const isKept = isAmong(states, state) && isAmong(hostnames, hostname);
        return isKept ? agentView(agent, agent.known) : undefined;
      },
      this.model.revision,
    );
    if (page === undefined) {
      throw malformed([{ path: 'after', message: 'names no agent that is known', value: query['after'] }]);
    }
    return page;
  }

  /** @throws ProblemError 404 */
  @Get(':agentId')
  one(@Param('agentId') agentId: string): AgentView {
    const agent = this.model.agents.get(agentId);
    if (agent?.known !== undefined) return agentView(agent, agent.known);
    throw new ProblemError(problem(404, 'agent.unknown', 'Agent not found', `no agent has the id ${agentId}`));
  }
}

/** A query parameter that may be repeated. */
const valuesOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

const isAmong = (wanted: readonly string[], value: string): boolean => wanted.length === 0 || wanted.includes(value);

function malformed(mistakes: readonly QueryMistake[]): ProblemError {
  const detail = mistakes.map(({ path, message, value }) => `${path} ${JSON.stringify(value)} ${message}`).join('; ');
  return new ProblemError(problem(400, 'request.malformed', 'Malformed request', detail, { errors: mistakes }));
}
