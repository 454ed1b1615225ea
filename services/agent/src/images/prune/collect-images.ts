import type { CancelTimer, Logger, TimerClock } from '@tranche/telemetry';
import type { PruneImages } from './prune-images.js';

export interface CollectImagesOptions {
  /** Part of the disk that is to stay free; 0 leaves images until somebody asks. */
  readonly headroom: number;
  /** How often the disk is looked at. */
  readonly intervalMs: number;
}

/** Removes images that nothing uses while the disk is fuller than it is to be. @source Mesos 1.11: --image_gc_config */
export class CollectImages {
  private cancel: CancelTimer | undefined;
  private isStopped = false;

  /** @param usedFraction of the disk with the images, 0 to 1 */
  constructor(
    private readonly pruner: Pick<PruneImages, 'prune'>,
    private readonly usedFraction: () => Promise<number>,
    private readonly options: CollectImagesOptions,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (this.options.headroom <= 0 || this.isStopped) return;
    this.cancel = this.clock.after(this.options.intervalMs, () => void this.look());
  }

  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  /** One look, and what follows from it. Never fails. */
  async look(): Promise<void> {
    try {
      const used = await this.usedFraction();
      if (used + this.options.headroom > 1) await this.pruner.prune({ unused: true });
    } catch (error) {
      this.logger.error('images could not be pruned', { error });
    }
    this.start();
  }
}
