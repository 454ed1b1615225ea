import { All, Controller, Res } from '@nestjs/common';
import { sendJsonText, sendRefusal } from '@tranche/http';
import { flagsJson, httpError, jsonDouble, objectOf, versionJson } from '@tranche/mesos-api';
import type { FastifyReply } from 'fastify';
import { AgentViews } from './agent-views.js';
import { machineLoad } from './machine-load.js';

/** The agent's classic endpoints. As with Mesos, endpoints that only read don't mind the method. */
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
    const metrics = this.views.metrics(machineLoad());
    sendJsonText(reply, objectOf(Object.entries(metrics).map(([name, value]) => [name, jsonDouble(value)])));
  }
}

const RECOVERING = { kind: 'unavailable', message: 'Agent has not finished recovery' } as const;
