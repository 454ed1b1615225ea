import type { CheckpointStore } from './checkpoint.port.js';
import type { CheckpointRecord } from './record.js';

/** A store for tests: durable when told, so that a test can look at the moment before. */
export class MemoryCheckpoint implements CheckpointStore {
  /** What would be found after a crash. */
  readonly durable: CheckpointRecord[] = [];
  shortage: string | undefined;
  private held: { readonly records: readonly CheckpointRecord[]; readonly settle: () => void }[] | undefined;

  append(records: readonly CheckpointRecord[]): Promise<void> {
    const copy = structuredClone(records);
    if (this.held === undefined) {
      this.durable.push(...copy);
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.held.push({ records: copy, settle: resolve });
    return promise;
  }

  /** From now on nothing becomes durable until `release`. */
  hold(): void {
    this.held = [];
  }

  release(): void {
    for (const { records, settle } of this.held ?? []) {
      this.durable.push(...records);
      settle();
    }
    this.held = undefined;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
