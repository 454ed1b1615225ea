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
  /**
   * Why nothing new should be taken on, in words for those who asked: the disk is full. What is under way can be written for a while yet, and
   * waits for room after that.
   *
   * @returns undefined when there is room
   */
  readonly shortage: string | undefined;

  /** Waits for what was appended and lets go of the file. */
  close(): Promise<void>;
}
