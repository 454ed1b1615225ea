import { Controller, Delete, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { ActionView, Page } from '@tranche/contracts';
import {
  demand,
  Flag,
  type ListQuery,
  ListRequest,
  LISTS,
  permitsOf,
  problem,
  ProblemError,
  sightOf,
  unknown,
} from '@tranche/http';
import { httpError } from '@tranche/mesos-api';
import type { FastifyRequest } from 'fastify';
import { DrainAgent } from '../draining/drain-agent.js';
import { onceSaved, type Saved } from '../draining/operator-order.js';
import { ClusterModel } from '../model/cluster-model.js';
import { taskIsSeen, userOfFramework } from '../model/seen-parts.js';
import type { TaskEntry } from '../model/task-entry.js';
import { SAVED } from '../tokens.js';
import { actionId, drainAction, drainingAgent, type DrainingAgent } from './drain-action.js';

/** `/v1/actions`: work that takes its time, from its order until what it was about is another's again. */
@Controller('v1/actions')
export class ActionsApiController {
  constructor(
    private readonly model: ClusterModel,
    private readonly draining: DrainAgent,
    @Inject(SAVED) private readonly saved: Saved,
  ) {}

  /** In the order in which they began. */
  @Get()
  list(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<ActionView> {
    const list = new ListRequest(query, LISTS.actions);
    const drains = this.drains().filter(({ entry }) => list.passes('agentId', entry.agentId));
    const tasks = this.tasksOn(new Set(drains.map(({ entry }) => entry.agentId)), request);
    const entries = drains
      .map((one) => ({ one, entry: drainAction(one, tasks.get(one.entry.agentId) ?? []) }))
      .filter(({ entry }) => list.passes('state', entry.state) && list.passes('kind', entry.kind))
      .map(({ one, entry }) => ({ entry, rank: one.drain.startedAtMs, key: entry.id }));
    return list.page(entries, this.model.revision, (view) => view);
  }

  /** @throws ProblemError 404 */
  @Get(':id')
  one(@Param('id') id: string, @Req() request: FastifyRequest): ActionView {
    const found = this.known(id);
    const { agentId } = found.entry;
    return drainAction(found, this.tasksOn(new Set([agentId]), request).get(agentId) ?? []);
  }

  /** Takes it back: an agent that is not empty yet is offered again; tasks that are being ended end. @throws ProblemError 403, 404, 409, 503 */
  @Delete(':id')
  async cancel(
    @Param('id') id: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
  ): Promise<ActionView> {
    demand(permitsOf(request), ['reactivate_agents']);
    const view = this.one(id, request);
    const { agentId } = view;
    if (!view.isCancellable) throw new ProblemError(notCancellable(view));
    const cancelled: ActionView = { ...view, state: 'cancelled', blockers: [], isCancellable: false };
    if (isTrial) return cancelled;
    const outcome = await onceSaved(this.draining.cancel(agentId), this.saved);
    if (outcome.ok) return cancelled;
    const { refusal } = outcome;
    if (refusal.kind === 'unavailable') {
      throw new ProblemError(problem(503, 'database.unavailable', 'Not stored yet', refusal.message));
    }
    throw new ProblemError(problem(409, 'action.not_cancellable', 'Cannot be cancelled', httpError(refusal).body));
  }

  private drains(): DrainingAgent[] {
    return Array.from(this.model.agents.known(), drainingAgent).filter((one) => one !== undefined);
  }

  private known(id: string): DrainingAgent {
    const found = this.drains().find(({ entry, drain }) => actionId(entry.agentId, drain) === id);
    if (found !== undefined) return found;
    throw new ProblemError(
      unknown('action', `no action has the id ${id}: it never was, or its agent is activated again`),
    );
  }

  /** Tasks that some agents still have, and the caller may see: they live, or nobody has acknowledged their end. One look through all. */
  private tasksOn(agentIds: ReadonlySet<string>, request: FastifyRequest): Map<string, TaskEntry[]> {
    const sight = sightOf(permitsOf(request));
    const found = new Map<string, TaskEntry[]>();
    if (agentIds.size === 0) return found;
    for (const task of this.model.allTasks()) {
      const { agentId, frameworkId } = task.record;
      if (!agentIds.has(agentId) || task.shelf === 'completed_tasks') continue;
      if (!taskIsSeen(sight, task, userOfFramework(this.model, frameworkId))) continue;
      const tasks = found.get(agentId);
      if (tasks === undefined) found.set(agentId, [task]);
      else tasks.push(task);
    }
    return found;
  }
}

function notCancellable({ id, state, agentId, agentHostname }: ActionView) {
  const why = state === 'running' ? `agent ${agentHostname} is away and cannot be told` : `it is ${state}`;
  const hints = state === 'done' ? [`tranche agent activate ${agentId}`] : [`tranche agent describe ${agentId}`];
  return problem(409, 'action.not_cancellable', 'Cannot be cancelled', `action ${id} cannot be cancelled: ${why}`, {
    hints,
  });
}
