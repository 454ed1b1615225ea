import type { Holding } from '@tranche/allocation';

/** `offers` has certainly seen an allocation by then, or it has restarted and tells what it knows. */
const KEPT_MS = 60_000;

interface Made {
  readonly run: number;
  readonly atMs: number;
  readonly held: Holding;
}

/** Allocations of the last minute by agent: those that `offers` may not have seen when it told what is held there. */
export class MadeAllocations {
  private readonly byAgent = new Map<string, Made[]>();
  private offersLife: string | undefined;

  /** @param epoch one life of this allocator */
  constructor(readonly epoch: string) {}

  /** The life of `offers` that allocations rest on; undefined before its first snapshot. */
  get basis(): string | undefined {
    return this.offersLife;
  }

  /** From now on allocations rest on a snapshot of this life of `offers`. Those that rest on another one are void, seen or not. */
  restOn(offersLife: string): void {
    if (this.offersLife !== offersLife) this.byAgent.clear();
    this.offersLife = offersLife;
  }

  note(run: number, given: readonly Holding[], nowMs: number): void {
    for (const held of given) {
      const made = (this.byAgent.get(held.agentId) ?? []).filter((one) => one.atMs > nowMs - KEPT_MS);
      this.byAgent.set(held.agentId, [...made, { run, atMs: nowMs, held }]);
    }
  }

  /** What was allocated on the agent after the run that `offers` had seen; of another epoch it has seen none of ours. */
  unseen(agentId: string, seenEpoch: string | undefined, seenRun: number | undefined): Holding[] {
    const seen = seenEpoch === this.epoch ? (seenRun ?? 0) : 0;
    return (this.byAgent.get(agentId) ?? []).filter((made) => made.run > seen).map((made) => made.held);
  }

  forget(agentId: string): void {
    this.byAgent.delete(agentId);
  }
}
