import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@tranche/telemetry';
import type { SourceFollower } from './source-follower.js';
import type { UsageSources } from './usage-sources.js';

const RETRY_MS = 500;

/** Learns what is in use once at the start, as soon as the sources answer. From then on their facts tell. */
export class UsageSync implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  constructor(
    private readonly sources: UsageSources,
    private readonly logger: Logger,
  ) {}

  /** Each source: true, or what it is waited for. */
  get states(): Record<string, true | string> {
    return Object.fromEntries(
      this.sources.all.map(({ source, isFilled }) => [source, isFilled || 'waiting for its snapshot']),
    );
  }

  onApplicationBootstrap(): void {
    for (const source of this.sources.all) void this.fill(source);
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async fill(source: SourceFollower): Promise<void> {
    try {
      if (!source.isFilled) await source.synchronize();
    } catch (error) {
      if (this.isStopped) return;
      this.logger.debug('a source does not answer yet', { source: source.source, error });
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.fill(source);
      }, RETRY_MS);
      this.timers.add(timer.unref());
    }
  }
}
