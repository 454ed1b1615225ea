import type { AgentExecutor } from './agent-executor.js';

/** What the control plane is told of executors. */
export interface ExecutorSender {
  /**
   * An executor has ended. @param status raw wait status, -1 when nobody saw it
   *
   * @returns when it was taken over. @throws when it could not be
   */
  ended(executor: AgentExecutor, status: number): Promise<void>;
  /** An executor's message to its framework: at most once. @param data base64 */
  message(executor: AgentExecutor, data: string): void;
}
