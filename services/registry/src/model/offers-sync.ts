import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@tranche/telemetry';
import type { OffersFollower } from './offers-follower.js';

const RETRY_MS = 500;

/** Fills the read model once at the start, as soon as `offers` answers. From then on its facts do. */
export class OffersSync implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly follower: OffersFollower,
    private readonly logger: Logger,
  ) {}

  /** True, or why the read model does not show the cluster yet. */
  get state(): true | string {
    return this.follower.snapshots > 0 ? true : 'waiting for the snapshot of offers';
  }

  onApplicationBootstrap(): void {
    void this.fill();
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async fill(): Promise<void> {
    try {
      if (this.follower.snapshots === 0) await this.follower.synchronize();
    } catch (error) {
      if (this.isStopped) return;
      this.logger.debug('offers does not answer yet', { error });
      this.timer = setTimeout(() => void this.fill(), RETRY_MS);
      this.timer.unref();
    }
  }
}
