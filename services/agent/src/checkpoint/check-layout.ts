import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentPaths } from '../paths.js';
import { intoQuarantine, quarantineBeside } from './quarantine.js';

/** A file or a folder of the work directory that is something else. */
interface Misfit {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Puts aside what stands where the agent has files and folders of its own and is not of that kind: a folder called like the journal, a file called
 * like the folder of the volumes. The agent would stumble over it at each start.
 *
 * @returns what was found, in words for the operator. @throws the system's error when it can be neither looked at nor moved
 */
export async function checkLayout(paths: AgentPaths): Promise<string[]> {
  const findings: string[] = [];
  for (const { path, isFolder } of layoutOf(paths)) {
    const found = await stat(path).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (found === undefined || found.isDirectory() === isFolder) continue;
    const aside = isFolder ? join(paths.workDir, 'set-aside') : quarantineBeside(path);
    const place = await intoQuarantine(aside, path, (free) => rename(path, free));
    findings.push(`${path} is ${isFolder ? 'no folder' : 'a folder'}: kept as ${place}`);
  }
  return findings;
}

/** Outer ones first. */
const layoutOf = (paths: AgentPaths): Misfit[] => [
  ...paths.folders.map((path) => ({ path, isFolder: true })),
  ...paths.files.map((path) => ({ path, isFolder: false })),
];
