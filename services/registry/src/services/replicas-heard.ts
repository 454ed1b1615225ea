import type { ReplicaSeen } from '@tranche/contracts';

/** A replica says every ten seconds at the longest that it lives: one that was not heard for so long has left. */
const FORGOTTEN_AFTER_MS = 45_000;

/** The processes that services consist of, by what they say of themselves. */
export class ReplicasHeard {
  private readonly replicas = new Map<string, { readonly seen: ReplicaSeen; readonly atMs: number }>();

  constructor(private readonly nowMs: () => number) {}

  heard(items: readonly ReplicaSeen[]): void {
    const atMs = this.nowMs();
    for (const seen of items) this.replicas.set(seen.replicaId, { seen, atMs });
  }

  /** Those that live or have ended a moment ago. */
  all(): ReplicaSeen[] {
    const sinceMs = this.nowMs() - FORGOTTEN_AFTER_MS;
    for (const [id, { atMs }] of this.replicas) if (atMs < sinceMs) this.replicas.delete(id);
    return Array.from(this.replicas.values(), ({ seen }) => seen);
  }
}
