import { All, Controller, Req, Res } from '@nestjs/common';
import { sendJsonText, sendRefusal } from '@tranche/http';
import { jsonDouble, type Member, objectOf } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseDuration } from '../cluster-info/mesos-duration.js';
import { ReadMetrics } from './read-metrics.js';

/** `/metrics/snapshot`: numbers under Mesos' names, for exporters written for it. Prometheus reads `/metrics`. */
@Controller()
export class MetricsSnapshotController {
  constructor(private readonly metrics: ReadMetrics) {}

  /** `timeout` bounds in Mesos how long slow metrics are waited for; none of ours is slow, so it is only checked. */
  @All('metrics/snapshot')
  snapshot(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { timeout } = request.query as { timeout?: unknown };
    const parsed = typeof timeout === 'string' ? parseDuration(timeout) : undefined;
    if (parsed?.ok === false) {
      sendRefusal(reply, {
        status: 400,
        headers: {},
        body: `Invalid timeout '${String(timeout)}': ${parsed.error}.\n`,
      });
      return;
    }
    sendJsonText(reply, objectOf(this.metrics.read().map(([name, value]): Member => [name, jsonDouble(value)])));
  }
}
