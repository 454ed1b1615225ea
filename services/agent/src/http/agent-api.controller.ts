import { All, Controller, Req, Res } from '@nestjs/common';
import {
  answerToggle,
  machineLoad,
  machineStats,
  mayDo,
  permitsOf,
  sendJsonText,
  sendRefusal,
  sightOf,
} from '@tranche/http';
import { flagsJson, httpError, jsonDouble, objectOf, versionJson } from '@tranche/mesos-api';
import { LogVerbosity } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NOT_ITS_OWN } from './agent-calls/answer-agent-call.js';
import { AgentViews } from './agent-views.js';
import { forbid, mayGet } from './guard-endpoint.js';

/** The agent's classic endpoints. As with Mesos, endpoints that only read don't mind the method. */
@Controller()
export class AgentApiController {
  constructor(
    private readonly views: AgentViews,
    private readonly verbosity: LogVerbosity,
  ) {}

  @All('state')
  state(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (this.views.isRecovering) return sendRefusal(reply, httpError(RECOVERING));
    const permits = permitsOf(request);
    sendJsonText(reply, this.views.state(sightOf(permits), permits.may('view_flags')));
  }

  @All('version')
  version(@Res() reply: FastifyReply): void {
    sendJsonText(reply, versionJson(this.views.facts.version));
  }

  @All('flags')
  flags(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!mayGet(request, reply, ['view_flags'])) return;
    sendJsonText(reply, `{"flags":${flagsJson(this.views.facts.flags())}}`);
  }

  @All('health')
  health(@Res() reply: FastifyReply): void {
    void reply.code(200).send();
  }

  @All('system/stats.json')
  system(@Res() reply: FastifyReply): void {
    sendJsonText(reply, machineStats(machineLoad()));
  }

  /** Without parameters it says how much is told. */
  @All('logging/toggle')
  toggle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const isChange = (request.query as Record<string, string | undefined>)['level'] !== undefined;
    const asked = isChange ? ([['set_log_level']] as const) : [];
    if (!mayDo(permitsOf(request), ['get_endpoints', '/logging/toggle'], ...asked)) return forbid(reply);
    answerToggle(reply, request.query as Record<string, string | undefined>, this.verbosity, NOT_ITS_OWN);
  }

  @All('metrics/snapshot')
  metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!mayDo(permitsOf(request), ['get_endpoints', '/metrics/snapshot'])) return forbid(reply);
    const metrics = this.views.metrics(machineLoad());
    sendJsonText(reply, objectOf(Object.entries(metrics).map(([name, value]) => [name, jsonDouble(value)])));
  }
}

const RECOVERING = { kind: 'unavailable', message: 'Agent has not finished recovery' } as const;
