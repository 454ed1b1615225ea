import { join } from 'node:path';
import { reserveOf } from './checkpoint/disk-reserve.js';
import { temporaryOf } from './checkpoint/replace-file.js';

/**
 * The agent's work directory. Everything that must outlive a restart of the agent is in it; the names of the sandboxes are those of a
 * Mesos agent, because clients see them.
 *
 *     workDir/
 *     ├─ meta/agent.journal                what the agent knows: id, frameworks, tasks, unacknowledged updates, operations, volumes
 *     ├─ meta/agent.journal.new            the next journal, while it is being written
 *     ├─ meta/agent.journal.reserve        zeros: room for the time when the disk is full
 *     ├─ meta/quarantine/                  what was damaged of these, as it was found
 *     ├─ meta/agent.lock                   names the process that uses the directory
 *     ├─ volumes/roles/ROLE/ID/            data of a persistent volume; spaces for the slashes of ROLE
 *     ├─ volumes/removed/                  data of destroyed volumes, while it is being deleted
 *     ├─ fetch/USER/                       files that tasks of a user share; emptied at each start
 *     ├─ images/                           images that containers are made from, and their layers: images/store/image-store.fs.ts
 *     ├─ rootfses/CONTAINER/               what a container with an image changes of it
 *     ├─ runtime/                          the containerizer's own, unless it has a place that is lost at reboot
 *     ├─ set-aside/                        what was found in place of one of these folders
 *     ├─ containers/NAME/                  sandbox of a container that stands alone, launched through the agent API
 *     └─ slaves/AGENT/frameworks/FRAMEWORK/executors/EXECUTOR/runs/
 *        ├─ CONTAINER/                     sandbox: stdout, stderr and what the task leaves
 *        │  ├─ containers/NESTED/          the same of a container within it, a task of a group or a client's, and so on inwards
 *        │  └─ tasks/TASK -> ../containers/NESTED
 *        └─ latest -> CONTAINER            the executor's newest run
 *
 * The executor of a command task has the task's id. A disk of type PATH has `volumes/` of its own below its root.
 */
export class AgentPaths {
  constructor(readonly workDir: string) {}

  get journal(): string {
    return join(this.workDir, 'meta', 'agent.journal');
  }

  get lock(): string {
    return join(this.workDir, 'meta', 'agent.lock');
  }

  get fetched(): string {
    return join(this.workDir, 'fetch');
  }

  get images(): string {
    return join(this.workDir, 'images');
  }

  get rootfses(): string {
    return join(this.workDir, 'rootfses');
  }

  get runtime(): string {
    return join(this.workDir, 'runtime');
  }

  /** Folders that the agent makes for itself, outer ones first; the place of none of them may be taken by something else. */
  get folders(): string[] {
    const names = [
      'meta',
      'meta/quarantine',
      'volumes',
      'volumes/removed',
      'fetch',
      'images',
      'rootfses',
      'runtime',
      'slaves',
    ];
    return names.map((name) => join(this.workDir, name));
  }

  /** Its files, likewise. */
  get files(): string[] {
    return [this.journal, temporaryOf(this.journal), reserveOf(this.journal), this.lock];
  }

  /** Where all runs of an executor are. */
  runs(run: Omit<SandboxOf, 'containerId'>): string {
    const { agentId, frameworkId, executorId } = run;
    return join(this.workDir, 'slaves', agentId, 'frameworks', frameworkId, 'executors', executorId, 'runs');
  }

  sandbox(run: SandboxOf): string {
    return join(this.runs(run), run.containerId);
  }

  /** Sandbox of a container that stands alone. */
  standaloneSandbox(name: string): string {
    return join(this.workDir, NESTED_SANDBOXES, name);
  }

  /** Sandbox of a container within another. */
  nestedSandbox(run: SandboxOf & { readonly nestedId: string }): string {
    return join(this.sandbox(run), NESTED_SANDBOXES, run.nestedId);
  }
}

/** What identifies a sandbox. None of the ids contains a slash. */
export interface SandboxOf {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly containerId: string;
}

/** Name of the link to an executor's newest run. */
export const LATEST_RUN = 'latest';

/** Folder of the sandboxes within a sandbox. */
export const NESTED_SANDBOXES = 'containers';

/** Folder of the links to them by their tasks' ids. */
export const TASK_LINKS = 'tasks';
