import { All, Controller, Req, Res } from '@nestjs/common';
import { sendJsonText, sendRefusal } from '@tranche/http';
import { httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Changes that are not served yet, by path, under their names in the operator API. */
const UNSERVED: Readonly<Record<string, string>> = {
  '/maintenance/schedule': 'UPDATE_MAINTENANCE_SCHEDULE',
  '/machine/down': 'START_MAINTENANCE',
  '/machine/up': 'STOP_MAINTENANCE',
};

/** Maintenance as far as it goes: no window can be scheduled yet, so there is none, which dashboards ask for. */
@Controller()
export class MaintenanceController {
  @All('maintenance/schedule')
  schedule(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (request.method === 'GET') sendJsonText(reply, '{}');
    else this.refuse(request, reply, ['GET', 'POST']);
  }

  @All('maintenance/status')
  status(@Res() reply: FastifyReply): void {
    sendJsonText(reply, '{}');
  }

  @All(['machine/down', 'machine/up'])
  machine(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.refuse(request, reply, ['POST']);
  }

  private refuse({ method, url }: FastifyRequest, reply: FastifyReply, allowed: readonly string[]): void {
    if (method !== 'POST') {
      sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed, received: method }));
      return;
    }
    const call = UNSERVED[url.replace(/\?.*$/s, '')];
    sendRefusal(reply, httpError({ kind: 'not-implemented', ...(call === undefined ? {} : { call }) }));
  }
}
