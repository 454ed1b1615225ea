import type { Holding } from '@tranche/allocation';
import { isIn, type Partition, WHOLE } from '@tranche/contracts';

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
  /** By index of the partition of `offers`. */
  private readonly offersLives = new Map<number, string>();

  /** @param epoch one life of this allocator */
  constructor(readonly epoch: string) {}

  /** The life of a partition of `offers` that allocations to its frameworks rest on; undefined before its first snapshot. */
  basis(index = 0): string | undefined {
    return this.offersLives.get(index);
  }

  /** From now on allocations rest on a snapshot of this life of `offers`. Those that rest on another one are void, seen or not. */
  restOn(offersLife: string, partition: Partition = WHOLE): void {
    if (this.offersLives.get(partition.index) === offersLife) return;
    this.offersLives.set(partition.index, offersLife);
    for (const [agentId, made] of this.byAgent) {
      const others = made.filter(({ held }) => !isIn(partition, held.frameworkId));
      if (others.length === 0) this.byAgent.delete(agentId);
      else this.byAgent.set(agentId, others);
    }
  }

  note(run: number, given: readonly Holding[], nowMs: number): void {
    for (const held of given) {
      const made = (this.byAgent.get(held.agentId) ?? []).filter((one) => one.atMs > nowMs - KEPT_MS);
      this.byAgent.set(held.agentId, [...made, { run, atMs: nowMs, held }]);
    }
  }

  /**
   * What was allocated on the agent after the run that `offers` had seen; of another epoch it has seen none of ours.
   *
   * @param partition of `offers` that has seen so far: only what its frameworks were given was told to it
   */
  unseen(
    agentId: string,
    seenEpoch: string | undefined,
    seenRun: number | undefined,
    partition: Partition = WHOLE,
  ): Holding[] {
    const seen = seenEpoch === this.epoch ? (seenRun ?? 0) : 0;
    return (this.byAgent.get(agentId) ?? [])
      .filter((made) => made.run > seen)
      .map((made) => made.held)
      .filter(({ frameworkId }) => isIn(partition, frameworkId));
  }

  forget(agentId: string): void {
    this.byAgent.delete(agentId);
  }
}
