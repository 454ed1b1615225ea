import { join, relative, resolve } from 'node:path';
import type { SandboxOf } from '../paths.js';

/** A path as a client names it, taken apart: which run of which executor, and what in its sandbox. */
export interface SandboxPath extends SandboxOf {
  /** `latest` or a container's id. */
  readonly containerId: string;
  /** Below the sandbox, without a leading slash; may contain `..`. */
  readonly rest: string;
}

/**
 * Reads the two forms under which clients know files of a sandbox: the host path, and
 * `/frameworks/F/executors/E/runs/latest/…`.
 *
 * @param agentId of this agent, for the second form
 * @returns undefined for a path that is of no sandbox
 * @source classic endpoints: virtual paths of the agent
 */
export function parseSandboxPath(path: string, workDir: string, agentId: string): SandboxPath | undefined {
  const inWorkDir = path.startsWith(`${workDir}/`) ? path.slice(workDir.length) : undefined;
  const own = inWorkDir ?? `/slaves/${agentId}${path}`;
  const match =
    /^\/slaves\/(?<agentId>[^/]+)\/frameworks\/(?<frameworkId>[^/]+)\/executors\/(?<executorId>[^/]+)\/runs\/(?<run>[^/]+)(?:\/(?<rest>.*))?$/su.exec(
      own.replace(/\/+$/u, ''),
    );
  if (match?.groups === undefined || path.includes('\0')) return undefined;
  const { agentId: agent = '', frameworkId = '', executorId = '', run = '', rest = '' } = match.groups;
  if ([agent, frameworkId, executorId, run].some((part) => part === '.' || part === '..')) return undefined;
  return { agentId: agent, frameworkId, executorId, containerId: run, rest };
}

/** Whether a path is the folder or below it, by its text alone. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, resolve(path));
  return way === '' || !(way === '..' || way.startsWith('../') || way.startsWith('/'));
}

/** The file that is meant, links not followed. */
export const targetOf = (sandbox: string, rest: string): string => join(sandbox, rest);
