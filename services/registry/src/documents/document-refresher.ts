import type { OnApplicationShutdown } from '@nestjs/common';
import type { ClusterDocuments } from './cluster-documents.js';

/**
 * Changes of one thing within this time are rendered once. It also bounds what is left to render for whoever reads next, so that
 * neither facts nor reads ever wait for a long rendering.
 */
const DELAY_MS = 100;

/** Renders changes a moment after they came. */
export class DocumentRefresher implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly documents: Pick<ClusterDocuments, 'refresh'>) {}

  refreshSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.documents.refresh();
    }, DELAY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }
}
