import { Controller, Get, Param, Query } from '@nestjs/common';
import { AGENT_STATES, type AgentView, type Page } from '@tranche/contracts';
import { ANY_TEXT, type ListQuery, ListRequest, ProblemError, unknown } from '@tranche/http';
import { statedRecord } from '../agents/known-agent.js';
import { ClusterModel } from '../model/cluster-model.js';
import { agentView } from './agent-view.js';

/** `GET /v1/agents`, `GET /v1/agents/ID`. */
@Controller('v1/agents')
export class AgentsApiController {
  constructor(private readonly model: ClusterModel) {}

  /** In order of admission. `?state=` and `?hostname=` keep those of any of the given values. */
  @Get()
  list(@Query() query: ListQuery): Page<AgentView> {
    const list = new ListRequest(query, { state: AGENT_STATES, hostname: ANY_TEXT });
    const entries = Array.from(this.model.agents.known(), (entry) => ({ entry, record: statedRecord(entry.known) }))
      .filter(({ record }) => list.passes('state', record.state) && list.passes('hostname', record.hostname))
      .map(({ entry, record }) => ({ entry, rank: record.registeredAtMs, key: record.agentId }));
    return list.page(entries, this.model.revision, (agent) => agentView(agent, agent.known));
  }

  /** @throws ProblemError 404 */
  @Get(':agentId')
  one(@Param('agentId') agentId: string): AgentView {
    const agent = this.model.agents.get(agentId);
    if (agent?.known !== undefined) return agentView(agent, agent.known);
    throw new ProblemError(unknown('agent', `no agent has the id ${agentId}`));
  }
}
