import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { AgentOrderView, AgentView, Page } from '@tranche/contracts';
import {
  type AskedAction,
  demand,
  Flag,
  jsonBody,
  type ListQuery,
  ListRequest,
  LISTS,
  permitsOf,
  problem,
  ProblemError,
  splitVerb,
  unknown,
} from '@tranche/http';
import { type ApiRefusal, httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actionId } from '../actions/drain-action.js';
import { statedRecord } from '../agents/known-agent.js';
import { DeactivateAgent } from '../draining/deactivate-agent.js';
import { DrainAgent } from '../draining/drain-agent.js';
import { MarkAgentGone } from '../draining/mark-agent-gone.js';
import { onceSaved, type OrderOutcome, type Saved } from '../draining/operator-order.js';
import { ClusterModel } from '../model/cluster-model.js';
import { SAVED } from '../tokens.js';
import { agentView } from './agent-view.js';
import { isWantedAgent } from './agent-filters.js';

const VERBS = ['drain', 'deactivate', 'activate', 'gone'] as const;
const DrainBody = z.strictObject({ maxGraceMs: z.number().min(0).optional(), markGone: z.boolean().optional() });
const NoBody = z.strictObject({});
type OrderTerms = z.infer<typeof DrainBody> & { readonly tasks: number };

/** `/v1/agents`: the list, one agent, and what operators order of it. */
@Controller('v1/agents')
export class AgentsApiController {
  constructor(
    private readonly model: ClusterModel,
    private readonly draining: DrainAgent,
    private readonly deactivation: DeactivateAgent,
    private readonly removal: MarkAgentGone,
    @Inject(SAVED) private readonly saved: Saved,
  ) {}

  /** In order of admission. */
  @Get()
  list(@Query() query: ListQuery): Page<AgentView> {
    const list = new ListRequest(query, LISTS.agents);
    const entries = Array.from(this.model.agents.known(), (entry) => ({ entry, record: statedRecord(entry.known) }))
      .filter(({ record }) => isWantedAgent(list, record))
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

  /** `ID:drain`, `ID:deactivate`, `ID:activate`, `ID:gone`. With `?dryRun=true` it only says whether it would be done, and what it would mean. */
  @Post(':target')
  async order(
    @Param('target') target: string,
    @Flag('dryRun') isDry: boolean,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentOrderView> {
    const { id, verb } = splitVerb(target, VERBS);
    const terms = jsonBody(request, verb === 'drain' ? DrainBody : NoBody);
    demand(permitsOf(request), ...askedBy(verb, terms));
    const before = this.one(id);
    const effects = { tasks: before.tasks, frameworks: this.model.agents.get(id)?.tasksOfFramework.size ?? 0 };
    void reply.code(verb === 'drain' && !isDry ? 202 : 200);
    const judged = this.carryOut(id, verb, { ...terms, tasks: before.tasks }, isDry);
    const outcome = isDry ? judged : await onceSaved(judged, this.saved);
    if (!outcome.ok) throw refusedOrder(outcome.refusal, id, verb);
    if (isDry) return { ...before, effects };
    const drain = this.model.agents.get(id)?.known?.record.drain;
    if (verb === 'drain' && drain !== undefined) void reply.header('location', `/v1/actions/${actionId(id, drain)}`);
    return { ...this.one(id), effects };
  }

  private carryOut(id: string, verb: (typeof VERBS)[number], terms: OrderTerms, isTrial: boolean): OrderOutcome {
    switch (verb) {
      case 'drain':
        return this.draining.execute(id, { ...terms, markGone: terms.markGone ?? false }, isTrial);
      case 'deactivate':
        return this.deactivation.execute(id, isTrial);
      case 'activate':
        return this.deactivation.reactivate(id, isTrial);
      case 'gone':
        return this.removal.execute(id, undefined, isTrial);
    }
  }
}

function askedBy(verb: (typeof VERBS)[number], { markGone }: z.infer<typeof DrainBody>): AskedAction[] {
  switch (verb) {
    case 'drain':
      return [['drain_agents'], ...(markGone === true ? [['mark_agents_gone'] as const] : [])];
    case 'deactivate':
      return [['deactivate_agents']];
    case 'activate':
      return [['reactivate_agents']];
    case 'gone':
      return [['mark_agents_gone']];
  }
}

/** Whatever stands in the way is the agent's present state, or the database. */
function refusedOrder(refusal: ApiRefusal, id: string, verb: string): ProblemError {
  if (refusal.kind === 'unavailable')
    return new ProblemError(problem(503, 'database.unavailable', 'Not stored yet', refusal.message));
  const { body } = httpError(refusal);
  const hints = [body.includes('maintenance') ? 'tranche maintenance ls' : `tranche agent describe ${id}`];
  return new ProblemError(problem(409, `agent.cannot_${verb}`, 'Conflict with the present state', body, { hints }));
}
