import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { Containerizer } from './containerizer.js';
import type { ContainerizerOptions } from './containerizers.js';
import type { HostFacts } from './host-facts.js';
import { ownUser, type UserDirectory } from './processes/user.js';
import { within } from './supervision/deadline.js';
import { ContainerHome } from './supervision/container-home.js';
import { SupervisedContainerizer, type SupervisedOptions } from './supervision/supervised.containerizer.js';

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
  | { readonly ok: true; readonly containerizer: SupervisedContainerizer }
  | { readonly ok: false; readonly reason: string };

/**
 * Opens a containerizer and runs `true` in a container of it.
 *
 * @throws never; whatever goes wrong is the reason
 */
export async function openAndProbe(context: ContainerizerContext, parts: SupervisedOptions): Promise<Opening> {
  try {
    const containerizer = await SupervisedContainerizer.open(parts);
    const fault = await probe(containerizer, context.options.runtimeDir);
    if (fault === undefined) return { ok: true, containerizer };
    await containerizer.close();
    return { ok: false, reason: firstLine(fault) };
  } catch (error) {
    return { ok: false, reason: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

/** A container that does nothing must have ended by then, or this way of running containers is taken for broken. */
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Runs `true` in a container from creation to removal.
 *
 * @returns undefined when that went well, else what went wrong
 */
async function probe(containerizer: Containerizer, runtimeDir: string): Promise<string | undefined> {
  const id = randomUUID();
  const { probeSandbox: sandbox } = new ContainerHome(runtimeDir);
  mkdirSync(sandbox, { recursive: true });
  try {
    await containerizer.create({
      ...{ id, sandbox, args: ['true'], user: ownUser().name },
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
