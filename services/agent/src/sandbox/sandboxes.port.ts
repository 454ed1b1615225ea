/** What a sandbox is made for. */
export interface SandboxRequest {
  readonly agentId: string;
  readonly frameworkId: string;
  /** The task's id for a command task. */
  readonly executorId: string;
  readonly containerId: string;
  /** Name of the user who owns it. */
  readonly user: string;
}

/** What the sandbox of a task of a group is made for; the other ids are its executor's. */
export interface NestedSandboxRequest extends SandboxRequest {
  readonly taskId: string;
  readonly nestedId: string;
}

/** Makes the folders that tasks run in. */
export interface Sandboxes {
  /**
   * Makes a sandbox, owned by its user and readable by nobody else, and points the executor's `latest` to it.
   *
   * @returns its host path
   * @throws when the user does not exist or the folder cannot be made, with a message fit for the task's status
   */
  make(request: SandboxRequest): Promise<string>;

  /** The same within the sandbox of an executor, with a link to it that has the task's id. */
  makeNested(request: NestedSandboxRequest): Promise<string>;

  /**
   * Makes the sandbox of a container that is no task's.
   *
   * @param sandbox its host path
   * @param within  the sandbox that it is to be in; absent for one by itself
   * @throws when the user does not exist, the folder is there already, or the way to it leads out of `within`
   */
  makeAt(sandbox: string, user: string, within?: string): Promise<void>;

  /** Removes one that was made so, with all that is in it. One that is gone is no error. */
  removeAt(sandbox: string, within?: string): Promise<void>;
}
