import { chown, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentPaths, LATEST_RUN } from '../paths.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { HostUser } from './host-users.js';
import type { Sandboxes } from './sandboxes.port.js';

const SANDBOX_MODE = 0o750;
/** The way to the sandboxes may be walked by every user that runs tasks; what is in them may not be read. */
const FOLDER_MODE = 0o755;

/** Sandboxes on the agent's disk. */
export class FileSandboxes implements Sandboxes {
  /**
   * @param userOf finds a user of the host; undefined: sandboxes stay with the agent's own user
   */
  constructor(
    private readonly paths: AgentPaths,
    private readonly userOf: ((name: string) => Promise<HostUser>) | undefined,
  ) {}

  async make({ agentId, task, user }: { agentId: string; task: AgentTask; user: string }): Promise<string> {
    const { frameworkId, taskId: executorId, containerId } = task;
    const run = { agentId, frameworkId, executorId, containerId };
    const owner = await this.userOf?.(user);
    const runs = this.paths.runs(run);
    const sandbox = this.paths.sandbox(run);
    await mkdir(runs, { recursive: true, mode: FOLDER_MODE });
    await mkdir(sandbox, { mode: SANDBOX_MODE });
    if (owner !== undefined) await chown(sandbox, owner.uid, owner.gid);
    await pointLatestTo(runs, containerId);
    return sandbox;
  }
}

/** Replaces the link in one step: somebody may be reading through it. */
async function pointLatestTo(runs: string, containerId: string): Promise<void> {
  const temporary = join(runs, `.${LATEST_RUN}-${containerId}`);
  try {
    await symlink(containerId, temporary);
    await rename(temporary, join(runs, LATEST_RUN));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
