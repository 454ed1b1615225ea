import type { AgentTask } from '../tasks/agent-task.js';

export interface SandboxRequest {
  readonly agentId: string;
  readonly task: AgentTask;
  /** Name of the user who owns it. */
  readonly user: string;
}

/** Makes the folders that tasks run in. */
export interface Sandboxes {
  /**
   * Makes the task's sandbox, owned by its user and readable by nobody else, and points the executor's `latest` to it.
   *
   * @returns its host path
   * @throws when the user does not exist or the folder cannot be made, with a message fit for the task's status
   */
  make(request: SandboxRequest): Promise<string>;
}
