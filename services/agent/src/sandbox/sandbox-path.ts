import { join, relative, resolve } from 'node:path';
import { type AgentPaths, NESTED_SANDBOXES } from '../paths.js';

/** A path as a client names it, taken apart: which sandbox, and what in it. */
export interface SandboxPath {
  /** Host path; its last part may be the link to an executor's newest run. */
  readonly sandbox: string;
  /** Below the sandbox, without a leading slash; may contain `..`. */
  readonly rest: string;
}

const OF_RUN =
  /^\/slaves\/(?<agentId>[^/]+)\/frameworks\/(?<frameworkId>[^/]+)\/executors\/(?<executorId>[^/]+)\/runs\/(?<containerId>[^/]+)(?:\/(?<rest>.*))?$/su;
const ALONE = new RegExp(`^/${NESTED_SANDBOXES}/(?<name>[^/]+)(?:/(?<rest>.*))?$`, 'su');

/**
 * Reads the forms under which clients know files of a sandbox: the host path, of a run or of a container that stands alone, and
 * `/frameworks/F/executors/E/runs/latest/…`.
 *
 * @param agentId of this agent, for the last form
 * @returns undefined for a path that is of no sandbox
 * @source classic endpoints: virtual paths of the agent
 */
export function parseSandboxPath(path: string, paths: AgentPaths, agentId: string): SandboxPath | undefined {
  if (path.includes('\0')) return undefined;
  const { workDir } = paths;
  const inWorkDir = path.startsWith(`${workDir}/`) ? path.slice(workDir.length).replace(/\/+$/u, '') : undefined;
  const alone = partsOf(ALONE, inWorkDir ?? '');
  if (alone !== undefined) return { sandbox: paths.standaloneSandbox(alone['name'] ?? ''), rest: alone['rest'] ?? '' };
  const run = partsOf(OF_RUN, inWorkDir ?? `/slaves/${agentId}${path.replace(/\/+$/u, '')}`);
  if (run === undefined) return undefined;
  const { agentId: agent = '', frameworkId = '', executorId = '', containerId = '', rest = '' } = run;
  return { sandbox: paths.sandbox({ agentId: agent, frameworkId, executorId, containerId }), rest };
}

/** @returns undefined also when a part other than the rest leads elsewhere */
function partsOf(form: RegExp, path: string): Record<string, string | undefined> | undefined {
  const groups = form.exec(path)?.groups;
  const { rest: _, ...names } = groups ?? {};
  return Object.values(names).some((part) => part === '.' || part === '..') ? undefined : groups;
}

/** Whether a path is the folder or below it, by its text alone. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, resolve(path));
  return way === '' || !(way === '..' || way.startsWith('../') || way.startsWith('/'));
}

/** The file that is meant, links not followed. */
export const targetOf = (sandbox: string, rest: string): string => join(sandbox, rest);
