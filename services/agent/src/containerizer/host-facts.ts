import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CgroupLayout, detectCgroups } from './cgroups/cgroup-layout.js';

/** What the choice of a containerizer depends on. */
export interface HostFacts {
  readonly isLinux: boolean;
  readonly isRoot: boolean;
  readonly cgroups: CgroupLayout;
  /** Text of /proc/self/cgroup; empty off Linux. */
  readonly ownCgroup: string;
  /** Absolute path of a program on the search path; undefined when it is not there. */
  readonly find: (program: string) => string | undefined;
}

export function readHostFacts(searchPath: string): HostFacts {
  const isLinux = process.platform === 'linux';
  return {
    isLinux,
    isRoot: process.getuid?.() === 0,
    cgroups: detectCgroups(isLinux ? readFileSync('/proc/self/mountinfo', 'utf8') : ''),
    ownCgroup: isLinux ? readFileSync('/proc/self/cgroup', 'utf8') : '',
    find: (program) => findProgram(program, searchPath),
  };
}

/** `v2`, `v1`, or `v1 (hybrid)`: how a description names the cgroups. */
export function describeCgroups({ mode }: CgroupLayout): string {
  return mode === 'hybrid' ? 'cgroups v1 (hybrid)' : `cgroups ${mode}`;
}

function findProgram(program: string, searchPath: string): string | undefined {
  return searchPath
    .split(':')
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
