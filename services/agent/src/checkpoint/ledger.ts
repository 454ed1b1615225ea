import type { AgentState } from './agent-state.js';
import type { CheckpointStore } from './checkpoint.port.js';
import type { CheckpointRecord } from './record.js';

/** The one way to change what the agent knows: in memory at once, on disk before anybody relies on it. */
export class Ledger {
  constructor(
    readonly state: AgentState,
    private readonly store: CheckpointStore,
  ) {}

  /** Why nothing new should be taken on; undefined when there is room to write it down. */
  get shortage(): string | undefined {
    return this.store.shortage;
  }

  /** @returns when the records, none too, and all before them survive a crash. @throws CheckpointFailedError, after which the agent stops */
  record(...records: readonly CheckpointRecord[]): Promise<void> {
    for (const record of records) this.state.apply(record);
    return this.store.append(records);
  }

  /** Like `record`, for what nobody waits for: it becomes durable together with whatever follows. */
  note(...records: readonly CheckpointRecord[]): void {
    // The store itself reports a failed write, which ends the agent; here is nobody to tell.
    this.record(...records).catch(() => undefined);
  }
}
