import type { TaskView } from '@tranche/contracts';
import type { ApiClient } from '../../api/api-client.js';
import { candidateTasks } from '../../names/find-tasks.js';
import { matchOneTask } from '../../names/match-tasks.js';

/** A file or folder of a task's sandbox. */
export interface SandboxTarget {
  task: TaskView;
  /** Relative to the sandbox; empty for the sandbox itself. */
  path: string;
}

/**
 * Finds what `TASK[:PATH]` names.
 *
 * @throws NotFoundError when no task, or several, match
 */
export async function findTarget(api: ApiClient, text: string): Promise<SandboxTarget> {
  const at = text.indexOf(':');
  const [name, path] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  return { task: matchOneTask(await candidateTasks(api, [name]), name), path: path.replace(/^\/+/, '') };
}

/** An entry of a folder, as `/files/browse` gives it. */
export interface BrowseEntry {
  /** Absolute, on the agent. */
  path: string;
  /** As `ls -l` writes it. */
  mode: string;
  uid: string;
  gid: string;
  /** Bytes. */
  size: number;
  /** Seconds since the epoch. */
  mtime: number;
  nlink: number;
}

/** What a folder of a sandbox holds; of a file nothing. */
export function browse(api: ApiClient, { task, path }: SandboxTarget): Promise<BrowseEntry[]> {
  return api.get<BrowseEntry[]>(filesPath(task, 'browse'), { path, frameworkId: task.frameworkId });
}

export function baseName({ path }: Pick<BrowseEntry, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Path of one of the files' endpoints of a task. */
export function filesPath(task: TaskView, verb: 'browse' | 'download'): string {
  return `/v1/tasks/${encodeURIComponent(task.id)}/files/${verb}`;
}
