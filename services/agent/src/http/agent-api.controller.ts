import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { All, Controller, Req, Res } from '@nestjs/common';
import { rawBody, sendJsonText, sendRefusal } from '@tranche/http';
import { flagsJson, httpError, jsonDouble, objectOf, versionJson } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AgentViews } from './agent-views.js';

/** The agent's classic endpoints and its v1 API. As with Mesos, endpoints that only read don't mind the method. */
@Controller()
export class AgentApiController {
  constructor(private readonly views: AgentViews) {}

  @All('state')
  state(@Res() reply: FastifyReply): void {
    if (this.views.isRecovering) sendRefusal(reply, httpError(RECOVERING));
    else sendJsonText(reply, this.views.state());
  }

  @All('version')
  version(@Res() reply: FastifyReply): void {
    sendJsonText(reply, versionJson(this.views.facts.version));
  }

  @All('flags')
  flags(@Res() reply: FastifyReply): void {
    sendJsonText(reply, `{"flags":${flagsJson(this.views.facts.flags())}}`);
  }

  @All('health')
  health(@Res() reply: FastifyReply): void {
    void reply.code(200).send();
  }

  @All('metrics/snapshot')
  metrics(@Res() reply: FastifyReply): void {
    const [one = 0, five = 0, fifteen = 0] = loadavg();
    const metrics = this.views.metrics({
      cpus: cpus().length,
      load: [one, five, fifteen],
      memTotalBytes: totalmem(),
      memFreeBytes: freemem(),
    });
    sendJsonText(reply, objectOf(Object.entries(metrics).map(([name, value]) => [name, jsonDouble(value)])));
  }

  /** The v1 API comes with a later version: a call is answered with its name, never with silence. */
  @All(['api/v1', 'api/v1/resource_provider'])
  call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { method } = request;
    if (method !== 'POST') {
      sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed: ['POST'], received: method }));
      return;
    }
    const call = callType(rawBody(request));
    sendRefusal(reply, httpError({ kind: 'not-implemented', ...(call === undefined ? {} : { call }) }));
  }
}

const RECOVERING = { kind: 'unavailable', message: 'Agent has not finished recovery' } as const;

/** The type of a JSON call; undefined for anything else. */
function callType(body: Buffer): string | undefined {
  try {
    const { type } = JSON.parse(body.toString()) as { type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
