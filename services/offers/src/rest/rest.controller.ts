import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FrameworkView, OfferView, Page, TaskView } from '@tranche/contracts';
import {
  demand,
  Flag,
  jsonBody,
  type ListQuery,
  ListRequest,
  LISTS,
  permitsOf,
  principalOf,
  problem,
  ProblemError,
  type Sight,
  sightOf,
  splitVerb,
  unknown,
} from '@tranche/http';
import { fromMs, isTerminalState } from '@tranche/mesos-api';
import { ATTRIBUTE, SPAN } from '@tranche/telemetry';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CountedChanges } from '../changes/counted.changes.js';
import { reviveRoles } from '../frameworks/change-roles.js';
import { type Framework, frameworkOf } from '../frameworks/framework.js';
import { removeFramework } from '../frameworks/remove-framework.js';
import type { History } from '../history/history.port.js';
import { rescindOffer } from '../offers/return-offer.js';
import type { OffersContext } from '../offers-context.js';
import { sendKill } from '../tasks/kill-task.js';
import { noteOfTask } from '../tasks/task-trace.js';
import type { Task } from '../tasks/task.js';
import { CHANGE_COUNT, HISTORY, OFFERS_CONTEXT } from '../tokens.js';
import type { ClusterState } from '../cluster-state.js';
import { frameworkView } from './framework-view.js';
import { listFrameworks, OTHER_FRAMEWORKS } from './list-frameworks.js';
import { listTasks } from './list-tasks.js';
import { offerView } from './offer-view.js';
import { ofHistory } from './past.js';
import { seesFramework, seesTask, seesWhatIsOf } from './seen.js';
import { taskView } from './task-view.js';

const KillBody = z.strictObject({ gracePeriodMs: z.number().min(0).optional() });
const NoBody = z.strictObject({});

/** `/v1/frameworks`, `/v1/offers`, `/v1/tasks`. */
@Controller('v1')
export class RestController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(HISTORY) private readonly history: History,
    @Inject(CHANGE_COUNT) private readonly changes: CountedChanges,
  ) {}

  @Get('frameworks')
  frameworks(@Query() query: ListQuery, @Req() request: FastifyRequest): Promise<Page<FrameworkView>> {
    const { state } = this.context;
    const scene = { state, history: this.history, asOf: this.changes.newest };
    return listFrameworks(query, scene, sightOf(permitsOf(request)));
  }

  @Get('frameworks/:id')
  async framework(@Param('id') id: string, @Req() request: FastifyRequest): Promise<FrameworkView> {
    const { state } = this.context;
    const sight = sightOf(permitsOf(request));
    const known = state.frameworks.get(id) ?? state.frameworks.completed(id);
    if (known !== undefined && seesFramework(sight, known)) return frameworkView(state, known);
    const past = await ofHistory(() => this.history.framework(id), OTHER_FRAMEWORKS);
    if (past === undefined || !seesFramework(sight, { record: past }))
      throw notFound('framework', `no framework ${id} is known`);
    return frameworkView(state, frameworkOf(past));
  }

  @Post('frameworks/:target')
  @HttpCode(200)
  changeFramework(
    @Param('target') target: string,
    @Flag('dryRun') isTrial: boolean,
    @Query('role') role: string | readonly string[] | undefined,
    @Req() request: FastifyRequest,
  ): FrameworkView {
    const { id, verb } = splitVerb(target, ['teardown', 'revive']);
    jsonBody(request, NoBody);
    const framework = this.findFramework(id, sightOf(permitsOf(request)));
    this.demandOwnership(request, framework);
    if (framework.record.state === 'removed') {
      throw conflict('framework.removed', `framework ${id} has been removed: ${framework.record.removedReason ?? ''}`);
    }
    const roles = role === undefined ? [] : [role].flat();
    if (verb === 'revive') refuseOtherRoles(framework, roles);
    if (isTrial) return frameworkView(this.context.state, framework);
    if (verb === 'teardown') removeFramework(this.context, framework, 'torn down by an operator');
    else reviveRoles(this.context, framework, roles);
    return frameworkView(this.context.state, framework);
  }

  @Get('offers')
  offers(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<OfferView> {
    const list = new ListRequest(query, LISTS.offers);
    const { state } = this.context;
    const sight = sightOf(permitsOf(request));
    const entries = Array.from(state.offers.all(), ({ record }) => record)
      .filter(({ frameworkId, agentId }) => list.passes('frameworkId', frameworkId) && list.passes('agentId', agentId))
      .filter(({ role, frameworkId }) => list.passes('role', role) && seesWhatIsOf(sight, state, frameworkId))
      .map((entry) => ({ entry, rank: entry.madeAtMs, key: entry.offerId }));
    return list.page(entries, this.changes.newest, (record) => offerView(state, record));
  }

  @Get('offers/:id')
  offer(@Param('id') id: string, @Req() request: FastifyRequest): OfferView {
    const { state } = this.context;
    const offer = state.offers.get(id);
    const isSeen = offer !== undefined && seesWhatIsOf(sightOf(permitsOf(request)), state, offer.record.frameworkId);
    if (!isSeen) throw notFound('offer', `no offer ${id} is outstanding`);
    return offerView(state, offer.record);
  }

  @Post('offers/:target')
  @HttpCode(200)
  changeOffer(
    @Param('target') target: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
  ): OfferView {
    const { id } = splitVerb(target, ['rescind']);
    jsonBody(request, NoBody);
    const view = this.offer(id, request);
    const offer = this.context.state.offers.get(id);
    this.demandOwnership(request, this.context.state.frameworks.get(view.frameworkId));
    if (offer !== undefined && !isTrial) rescindOffer(this.context, offer);
    return view;
  }

  @Get('tasks')
  tasks(@Query() query: ListQuery, @Req() request: FastifyRequest): Promise<Page<TaskView>> {
    const { state } = this.context;
    const scene = { state, history: this.history, asOf: this.changes.newest };
    return listTasks(query, scene, sightOf(permitsOf(request)));
  }

  /** A task by its id; of several with the same id the live one, else the newest. */
  @Get('tasks/:id')
  async task(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Query('frameworkId') frameworkId?: string,
  ): Promise<TaskView> {
    const { state } = this.context;
    const sight = sightOf(permitsOf(request));
    const known = findTask(state, id, frameworkId, sight);
    if (known !== undefined) return taskView(state, known);
    const rows = await ofHistory(() => this.history.tasksWithId(id, frameworkId), 'try again');
    const past = rows.find(({ record }) => seesTask(sight, state, record));
    if (past === undefined) throw notFound('task', `no task ${id} is known`);
    return taskView(state, past);
  }

  @Post('tasks/:target')
  @HttpCode(202)
  changeTask(
    @Param('target') target: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
    @Query('frameworkId') frameworkId?: string,
  ): TaskView {
    const { id } = splitVerb(target, ['kill']);
    const { gracePeriodMs } = jsonBody(request, KillBody);
    const task = findTask(this.context.state, id, frameworkId, sightOf(permitsOf(request)));
    if (task === undefined) throw notFound('task', `no task ${id} is known`);
    this.demandOwnership(request, this.context.state.frameworks.get(task.record.frameworkId));
    if (task.stage !== 'live' || isTerminalState(task.record.state)) {
      throw conflict('task.ended', `task ${id} is not running: ${task.record.state}`);
    }
    const terms = gracePeriodMs === undefined ? undefined : { grace_period: fromMs(gracePeriodMs) };
    if (!isTrial) {
      noteOfTask(SPAN.kill, task, { [ATTRIBUTE.detail]: `by ${principalOf(request) ?? 'an operator'}` });
      sendKill(this.context, task, terms);
    }
    return taskView(this.context.state, task);
  }

  /** Who may end a framework may end its tasks, take back its offers and revive it: Mesos has no action of its own for those. @throws ProblemError 403 */
  private demandOwnership(request: FastifyRequest, framework: Framework | undefined): void {
    demand(permitsOf(request), ['teardown_frameworks', framework?.record.info.principal]);
  }

  private findFramework(id: string, sight: Sight | undefined): Framework {
    const { frameworks } = this.context.state;
    const framework = frameworks.get(id) ?? frameworks.completed(id);
    if (framework === undefined || !seesFramework(sight, framework))
      throw notFound('framework', `no framework ${id} is known`);
    return framework;
  }
}

/** @throws ProblemError 409 naming the roles that it has */
function refuseOtherRoles({ frameworkId, record }: Framework, roles: readonly string[]): void {
  const other = roles.find((role) => !record.roles.includes(role));
  if (other === undefined) return;
  throw conflict(
    'role.not_subscribed',
    `framework ${frameworkId} is not in role ${other}, but in ${record.roles.join(', ')}`,
  );
}

/** Of those that the memory has, and the caller may see. */
function findTask(
  state: ClusterState,
  id: string,
  frameworkId: string | undefined,
  sight: Sight | undefined,
): Task | undefined {
  const tasks = state.tasks
    .withId(id)
    .filter(({ record }) => frameworkId === undefined || record.frameworkId === frameworkId)
    .filter(({ record }) => seesTask(sight, state, record));
  return tasks.find(({ stage }) => stage === 'live') ?? tasks.at(-1);
}

const notFound = (noun: string, detail: string): ProblemError => new ProblemError(unknown(noun, detail));

const conflict = (code: string, detail: string): ProblemError =>
  new ProblemError(problem(409, code, 'Conflict with the present state', detail));
