import type { Logger, Metrics } from '@tranche/telemetry';
import type { Gauge } from 'prom-client';
import { disconnectFramework } from '../frameworks/disconnect-framework.js';
import type { Framework } from '../frameworks/framework.js';
import { FrameworkNames } from '../metrics/framework-names.js';
import type { OffersContext } from '../offers-context.js';
import type { EventStream } from './event-stream.js';

/** The open event streams: notices their end and disconnects their frameworks, unless the service itself is stopping. */
export class StreamRegistry {
  private readonly open = new Map<EventStream, Framework>();
  private readonly names = new FrameworkNames();
  private isStopping = false;

  constructor(
    private readonly context: OffersContext,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    const streams: Gauge = metrics.gauge('tranche_scheduler_streams', 'Open event streams', [], () =>
      streams.set(this.open.size),
    );
    const buffered: Gauge<'framework'> = metrics.gauge(
      'tranche_stream_buffered_bytes',
      'Bytes that schedulers have not read yet, by the name of their framework',
      ['framework'],
      () => {
        buffered.reset();
        for (const [stream, { record }] of this.open) {
          buffered.inc({ framework: this.names.labelOf(record.info.name) }, stream.bufferedBytes);
        }
      },
    );
  }

  opened(framework: Framework, stream: EventStream): void {
    this.open.set(stream, framework);
  }

  closed(stream: EventStream): void {
    stream.closed();
    const framework = this.open.get(stream);
    this.open.delete(stream);
    if (framework === undefined || this.isStopping) return;
    const reason = stream.cutReason ?? 'closed by the scheduler';
    const { frameworkId } = framework;
    if (framework.stream === stream) this.logger.info('framework disconnected', { frameworkId, reason });
    disconnectFramework(this.context, framework, stream, reason);
  }

  /** From now on streams end because we go: frameworks keep their standing, so that they can come back after a restart. */
  stop(): void {
    this.isStopping = true;
    // No ERROR: on one a scheduler gives up, and it shall come back. The end of the response is all that its protocol has for this.
    for (const [stream, { frameworkId }] of this.open) {
      this.logger.info('event stream ended', { frameworkId, reason: 'the service stops; subscribe again' });
      stream.end();
    }
  }
}
