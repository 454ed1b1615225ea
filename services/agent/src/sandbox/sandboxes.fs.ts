import { chmod, chown, mkdir, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type AgentPaths, LATEST_RUN, NESTED_SANDBOXES, TASK_LINKS } from '../paths.js';
import type { NestedSandboxRequest, SandboxRequest, Sandboxes } from './sandboxes.port.js';

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

  async make(request: SandboxRequest): Promise<string> {
    const owner = this.owner(request.user);
    const runs = this.paths.runs(request);
    const sandbox = this.paths.sandbox(request);
    await makeIn(runs, () => makeOwned(sandbox, owner));
    await pointLatestTo(runs, request.containerId);
    return sandbox;
  }

  async makeNested(request: NestedSandboxRequest): Promise<string> {
    const owner = this.owner(request.user);
    const { nestedId, taskId } = request;
    const outer = this.paths.sandbox(request);
    const sandbox = this.paths.nestedSandbox(request);
    await openWay(outer, owner);
    await mkdir(dirname(sandbox), { recursive: true, mode: FOLDER_MODE });
    await makeOwned(sandbox, owner);
    const links = join(outer, TASK_LINKS);
    await mkdir(links, { recursive: true, mode: FOLDER_MODE });
    await symlink(join('..', NESTED_SANDBOXES, nestedId), join(links, taskId));
    return sandbox;
  }

  async makeAt(sandbox: string, user: string, within?: string): Promise<void> {
    const owner = this.owner(user);
    const folder = dirname(sandbox);
    if (within !== undefined) await openWay(within, owner);
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await refuseDetour(folder, within);
    await makeOwned(sandbox, owner);
  }

  async removeAt(sandbox: string, within?: string): Promise<void> {
    try {
      await refuseDetour(dirname(sandbox), within);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    await rm(sandbox, { recursive: true, force: true });
  }

  private owner(user: string): Owner | undefined {
    const owner = this.ownerOf?.(user);
    if (this.ownerOf !== undefined && owner === undefined) throw new UnknownUserError(user);
    return owner;
  }
}

/** The folders above may be removed while they are empty, by whoever removes the sandboxes of before: then once more. */
async function makeIn(runs: string, make: () => Promise<void>, attempts = 5): Promise<void> {
  await mkdir(runs, { recursive: true, mode: FOLDER_MODE });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 0) throw error;
    await makeIn(runs, make, attempts - 1);
  }
}

/** What is in a sandbox belongs to a task: a link that it has put in the way must not lead the agent elsewhere. */
async function refuseDetour(folder: string, within: string | undefined): Promise<void> {
  if (within === undefined) return;
  const [real, outer] = await Promise.all([realpath(folder), realpath(within)]);
  if (real !== join(outer, basename(folder))) throw new Error(`${folder} is a link to ${real}`);
}

async function makeOwned(sandbox: string, owner: Owner | undefined): Promise<void> {
  await mkdir(sandbox, { mode: SANDBOX_MODE });
  if (owner !== undefined) await chown(sandbox, owner.uid, owner.gid);
}

/** A task may run as another user than its executor: it then has to get through the executor's sandbox to its own. */
async function openWay(outer: string, owner: Owner | undefined): Promise<void> {
  if (owner === undefined || owner.uid === 0) return;
  const { uid, mode } = await stat(outer);
  if (uid !== owner.uid && (mode & 0o001) === 0) await chmod(outer, (mode & 0o777) | 0o001);
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
