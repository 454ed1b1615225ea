import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Containerizer } from './containerizer.js';
import type { ContainerizerOptions } from './containerizers.js';
import type { HostFacts } from './host-facts.js';
import type { UserDirectory } from './processes/user.js';
import { within } from './supervision/deadline.js';

export type ContainerizerKind = 'oci' | 'bare' | 'process';

export type RuntimeName = 'crun' | 'runc';

/** What a containerizer is opened with. */
export interface ContainerizerContext {
  readonly options: ContainerizerOptions;
  readonly searchPath: string;
  readonly facts: HostFacts;
  readonly users: UserDirectory;
  /** Why the containerizers before this one were passed over. */
  readonly reasons: readonly string[];
}

/** A containerizer that works, or why there is none, in a few words: `crun not found`. */
export type Opening =
  | { readonly ok: true; readonly containerizer: Containerizer }
  | { readonly ok: false; readonly reason: string };

/** A container that does nothing must have ended by then, or this way of running containers is taken for broken. */
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Runs `true` in a container from creation to removal.
 *
 * @returns undefined when that went well, else what went wrong
 */
export async function probe(containerizer: Containerizer, runtimeDir: string): Promise<string | undefined> {
  const id = randomUUID();
  const sandbox = join(runtimeDir, 'probe');
  mkdirSync(sandbox, { recursive: true });
  try {
    await containerizer.create({
      ...{ id, sandbox, args: ['true'], user: userInfo().username },
      env: [['PATH', '/usr/bin:/bin']],
      limits: { cpusMilli: 100, cpusLimitMilli: 1000, memBytes: 64 * 1024 * 1024 },
    });
    await containerizer.start(id);
    const ended = await within(PROBE_TIMEOUT_MS, containerizer.termination(id));
    if (ended === undefined) return `a container did not end within ${PROBE_TIMEOUT_MS} ms`;
    return ended.waitStatus === 0 ? undefined : `a container ended with wait status ${ended.waitStatus}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await containerizer.remove(id).catch(() => {});
    rmSync(sandbox, { recursive: true, force: true });
  }
}
