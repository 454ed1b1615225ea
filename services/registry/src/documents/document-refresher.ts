import type { OnApplicationShutdown } from '@nestjs/common';
import { systemClock, type TimerClock } from '@tranche/telemetry';
import type { ClusterDocuments } from './cluster-documents.js';

/**
 * Changes of one thing within this time are rendered once. It also bounds what is left to render for whoever reads next, so that
 * neither facts nor reads ever wait for a long rendering.
 */
const DELAY_MS = 100;
/** The same while nobody reads: a task that comes and goes within it is rendered once, an agent once for all that it was given meanwhile. */
const UNREAD_DELAY_MS = 10_000;
/** Who has read within it will read again: pollers do so every few seconds. */
const READ_LATELY_MS = 60_000;

/** Renders changes a moment after they came. */
export class DocumentRefresher implements OnApplicationShutdown {
  private cancel: (() => void) | undefined;
  private readMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly documents: Pick<ClusterDocuments, 'refresh'>,
    private readonly clock: TimerClock = systemClock,
  ) {}

  /** Something has changed. */
  refreshSoon(): void {
    if (this.cancel !== undefined) return;
    const isRead = this.clock.nowMs() - this.readMs < READ_LATELY_MS;
    this.cancel = this.clock.after(isRead ? DELAY_MS : UNREAD_DELAY_MS, () => {
      this.cancel = undefined;
      this.documents.refresh();
    });
  }

  /** Somebody reads: with all that has changed until now. */
  refreshForReader(): void {
    this.readMs = this.clock.nowMs();
    this.documents.refresh();
  }

  onApplicationShutdown(): void {
    this.cancel?.();
  }
}
