import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { MaintenanceView, MaintenanceWindowView, Page } from '@tranche/contracts';
import {
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
import { isTerminalState, type MachineID, type MaintenanceWindow } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ChangeMaintenance } from '../maintenance/change-maintenance.js';
import { machineKey, machineOf } from '../maintenance/maintenance.js';
import {
  maintenanceViews,
  maintenanceTag,
  windowId,
  windowOfRest,
  windowView,
} from '../maintenance/maintenance-view.js';
import { ReadMaintenance } from '../maintenance/read-maintenance.js';
import { ClusterModel } from '../model/cluster-model.js';

const Machine = z.strictObject({ hostname: z.string().optional(), ip: z.string().optional() });
const PlanBody = z.strictObject({
  machines: z.array(Machine).min(1),
  start: z.iso.datetime({ offset: true }),
  durationMs: z.number().int().min(0).optional(),
});
const MachinesBody = z.strictObject({ machines: z.array(Machine).min(1).optional() });

/** `/v1/maintenance`: which machines are taken out of service, and when. */
@Controller('v1/maintenance')
export class MaintenanceApiController {
  constructor(
    private readonly read: ReadMaintenance,
    private readonly changes: ChangeMaintenance,
    private readonly model: ClusterModel,
  ) {}

  /** Machine by machine, in the order of the schedule. `ETag` is that of the whole. */
  @Get()
  list(
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Page<MaintenanceView> {
    const list = new ListRequest(query, LISTS.maintenance);
    const { current } = this.read;
    const isSeen = permitsOf(request).may('get_maintenance_schedules');
    if (isSeen) void reply.header('etag', maintenanceTag(current));
    const entries = (isSeen ? maintenanceViews(current, this.read.status()) : [])
      .map((entry, rank) => ({ entry, rank, key: `${entry.id} ${machineKey(entry.machine)}` }))
      .filter(({ entry: { id, state } }) => list.passes('state', state) && list.passes('id', id))
      .filter(
        ({ entry: { machine } }) =>
          list.passes('hostname', machine.hostname ?? '') && list.passes('ip', machine.ip ?? ''),
      );
    return list.page(entries, this.model.revision, (view) => view);
  }

  /** One window, with all of its machines. `ETag` is that of the whole schedule: changes are held against it. @throws ProblemError 404 */
  @Get(':id')
  one(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): MaintenanceWindowView {
    if (!permitsOf(request).may('get_maintenance_schedules')) throw unknownWindow(id);
    const view = this.view(this.known(id));
    void reply.header('etag', maintenanceTag(this.read.current));
    return view;
  }

  /** Plans one window more. @throws ProblemError 400, 403, 409 */
  @Post()
  @HttpCode(200)
  async plan(@Flag('dryRun') isTrial: boolean, @Req() request: FastifyRequest): Promise<MaintenanceWindowView> {
    demand(permitsOf(request), ['update_maintenance_schedules']);
    const { machines, start, durationMs } = jsonBody(request, PlanBody);
    const window = windowOfRest(machines.map(machineIn), Date.parse(start), durationMs);
    await this.change(() => this.changes.plan(window, isTrial));
    return this.view(window);
  }

  /** Takes a window out of the schedule. @throws ProblemError 403, 404, 409 */
  @Delete(':id')
  async cancel(
    @Param('id') id: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
  ): Promise<MaintenanceWindowView> {
    demand(permitsOf(request), ['update_maintenance_schedules']);
    const window = this.known(id);
    await this.change(() => this.changes.cancel(window, isTrial));
    return this.view(window);
  }

  /** `ID:start` takes machines of a window down, `ID:stop` gives them back: those of the body, or all of it. @throws ProblemError 403, 404, 409 */
  @Post(':target')
  @HttpCode(200)
  async order(
    @Param('target') target: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
  ): Promise<MaintenanceWindowView> {
    const { id, verb } = splitVerb(target, ['start', 'stop']);
    demand(permitsOf(request), [verb === 'start' ? 'start_maintenances' : 'stop_maintenances']);
    const window = this.known(id);
    const machines = jsonBody(request, MachinesBody).machines?.map(machineIn) ?? window.machine_ids ?? [];
    const view = this.view({ ...window, machine_ids: machines });
    await this.change(() =>
      verb === 'start' ? this.changes.bringDown(machines, isTrial) : this.changes.bringUp(machines, isTrial),
    );
    return { ...view, id };
  }

  private async change(make: () => Promise<string | undefined>): Promise<void> {
    const error = await make();
    if (error !== undefined) {
      throw new ProblemError(
        problem(409, 'maintenance.conflict', 'Not with the present schedule', error, {
          hints: ['tranche maintenance ls'],
        }),
      );
    }
  }

  private known(id: string): MaintenanceWindow {
    const window = this.read.schedule.windows?.find((one) => windowId(one) === id);
    if (window !== undefined) return window;
    throw unknownWindow(id);
  }

  private view(window: MaintenanceWindow): MaintenanceWindowView {
    const keys = new Set((window.machine_ids ?? []).map(machineKey));
    let tasks = 0;
    for (const { known, tally } of this.model.agents.known()) {
      if (!keys.has(machineKey(machineOf(known.record)))) continue;
      for (const [state, count] of tally.entries()) if (!isTerminalState(state)) tasks += count;
    }
    return windowView(window, tasks);
  }
}

const unknownWindow = (id: string): ProblemError =>
  new ProblemError(unknown('maintenance', `no window of the maintenance schedule has the id ${id}`));

const machineIn = ({ hostname, ip }: z.infer<typeof Machine>): MachineID => ({
  ...(hostname === undefined ? {} : { hostname }),
  ...(ip === undefined ? {} : { ip }),
});
