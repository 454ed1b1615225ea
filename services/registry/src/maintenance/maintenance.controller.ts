import { All, Controller, Req, Res } from '@nestjs/common';
import { type AskedAction, mayDo, permitsOf, rawBody, sendJsonText, sendRefusal } from '@tranche/http';
import {
  convertJson,
  encodeJson,
  httpError,
  jsonSyntaxError,
  type MachineID,
  type MaintenanceSchedule,
  messageTypes,
  parseJson,
} from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChangeMaintenance } from './change-maintenance.js';
import { ReadMaintenance } from './read-maintenance.js';

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** `/maintenance/*` and `/machine/*`: maintenance by the classic paths. */
@Controller()
export class MaintenanceController {
  constructor(
    private readonly read: ReadMaintenance,
    private readonly change: ChangeMaintenance,
  ) {}

  @All('maintenance/schedule')
  async schedule(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!allows(['GET', 'POST'], request, reply)) return;
    if (request.method === 'GET') {
      const isSeen = mayDo(permitsOf(request), ['get_maintenance_schedules']);
      sendJsonText(reply, encodeJson(messageTypes.MaintenanceSchedule, isSeen ? this.read.schedule : {}));
      return;
    }
    await answer(reply, 'update_maintenance_schedules', scheduleIn(rawBody(request)), (schedule) =>
      this.change.reschedule(schedule),
    );
  }

  @All('maintenance/status')
  status(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!allows(['GET'], request, reply)) return;
    const isSeen = mayDo(permitsOf(request), ['get_maintenance_statuses']);
    sendJsonText(reply, encodeJson(messageTypes.MaintenanceClusterStatus, isSeen ? this.read.status() : {}));
  }

  @All('machine/down')
  async down(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!allows(['POST'], request, reply)) return;
    await answer(reply, 'start_maintenances', machinesIn(rawBody(request)), (machines) =>
      this.change.bringDown(machines),
    );
  }

  @All('machine/up')
  async up(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!allows(['POST'], request, reply)) return;
    await answer(reply, 'stop_maintenances', machinesIn(rawBody(request)), (machines) => this.change.bringUp(machines));
  }
}

function allows(allowed: readonly string[], { method }: FastifyRequest, reply: FastifyReply): boolean {
  if (allowed.includes(method)) return true;
  sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed, received: method }));
  return false;
}

/** 200 without a body, 400 with the reason, or 403. */
async function answer<T>(
  reply: FastifyReply,
  action: AskedAction[0],
  read: Read<T>,
  change: (value: T) => Promise<string | undefined>,
): Promise<void> {
  if (read.ok && !mayDo(permitsOf(reply.request), [action])) {
    return sendRefusal(reply, httpError({ kind: 'forbidden' }));
  }
  const error = read.ok ? await change(read.value) : read.error;
  if (error !== undefined) sendRefusal(reply, httpError({ kind: 'bad-request', message: error }));
  else void reply.code(200).header('content-length', '0').send();
}

const scheduleIn = (body: Buffer): Read<MaintenanceSchedule> => {
  const json = jsonIn(body);
  return json.ok ? convertJson(messageTypes.MaintenanceSchedule, json.value) : json;
};

function machinesIn(body: Buffer): Read<MachineID[]> {
  const json = jsonIn(body);
  if (!json.ok) return json;
  if (!Array.isArray(json.value)) return { ok: false, error: 'Unexpected JSON type parsed' };
  const machines: MachineID[] = [];
  for (const item of json.value as unknown[]) {
    const machine = convertJson(messageTypes.MachineID, item);
    if (!machine.ok) return machine;
    machines.push(machine.value);
  }
  return { ok: true, value: machines };
}

function jsonIn(body: Buffer): Read<unknown> {
  const text = body.toString('utf8');
  try {
    return { ok: true, value: parseJson(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, error: jsonSyntaxError(text) };
  }
}
