import { All, Controller, Req, Res } from '@nestjs/common';
import { machineLoad, machineStats, mayDo, parseDuration, permitsOf, sendJsonText, sendRefusal } from '@tranche/http';
import { httpError, jsonDouble, type Member, objectOf } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadMetrics } from './read-metrics.js';

/** `/metrics/snapshot` and `/system/stats.json`: numbers under Mesos' names, for exporters written for it. Prometheus reads `/metrics`. */
@Controller()
export class MetricsSnapshotController {
  constructor(private readonly metrics: ReadMetrics) {}

  /** `timeout` bounds in Mesos how long slow metrics are waited for; ours are waited for a second at most, so it is only checked. */
  @All('metrics/snapshot')
  async snapshot(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!mayDo(permitsOf(request), ['get_endpoints', '/metrics/snapshot'])) {
      return sendRefusal(reply, httpError({ kind: 'forbidden' }));
    }
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
    const metrics = await this.metrics.read();
    sendJsonText(reply, objectOf(metrics.map(([name, value]): Member => [name, jsonDouble(value)])));
  }

  @All('system/stats.json')
  system(@Res() reply: FastifyReply): void {
    sendJsonText(reply, machineStats(machineLoad()));
  }
}
