import type { CheckpointRecord } from './record.js';

/**
 * Where the agent writes down what happened before it acts on it.
 *
 * Records appended in one turn of the event loop become durable together, in order. Once a write has failed, every later append fails:
 * an agent that cannot remember must stop.
 */
export interface CheckpointStore {
  /** @returns when the records, none too, and all before them survive a crash. @throws CheckpointFailedError */
  append(records: readonly CheckpointRecord[]): Promise<void>;
  /** Waits for what was appended and lets go of the file. */
  close(): Promise<void>;
}
