import { chown, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentPaths, LATEST_RUN } from '../paths.js';
import type { SandboxRequest, Sandboxes } from './sandboxes.port.js';

const SANDBOX_MODE = 0o750;
/** The way to the sandboxes may be walked by every user that runs tasks; what is in them may not be read. */
const FOLDER_MODE = 0o755;

/** Ids of a user of this machine. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The machine has no such user: a task of that user cannot run here. */
export class UnknownUserError extends Error {
  readonly code = 'agent/unknown-user';
  constructor(readonly user: string) {
    super(`Failed to get user information for '${user}'`);
    this.name = 'UnknownUserError';
  }
}

/** Sandboxes on the agent's disk. */
export class FileSandboxes implements Sandboxes {
  /** @param ownerOf finds a user of this machine; undefined: sandboxes stay with the agent's own user */
  constructor(
    private readonly paths: AgentPaths,
    private readonly ownerOf?: (user: string) => Owner | undefined,
  ) {}

  async make({ agentId, task, user }: SandboxRequest): Promise<string> {
    const { frameworkId, taskId: executorId, containerId } = task;
    const run = { agentId, frameworkId, executorId, containerId };
    const owner = this.ownerOf?.(user);
    if (this.ownerOf !== undefined && owner === undefined) throw new UnknownUserError(user);
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
