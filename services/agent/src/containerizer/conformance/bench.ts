import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ContainerConfig, ContainerTermination } from '../container.js';
import type { ContainerCheckpoint, Containerizer } from '../containerizer.js';
import { type ContainerizerOptions, createContainerizer } from '../containerizers.js';
import type { ContainerizerKind } from '../opening.js';

/** What a containerizer is known to be able to do; what it cannot do is skipped with this reason. */
export interface ContainerizerTraits {
  readonly containerizer: ContainerizerKind;
  readonly runtime?: ContainerizerOptions['runtime'];
  /** Whether processes that made a session of their own end with the container, too. */
  readonly holdsEscapees: boolean;
  /** A user that the agent may switch to, if it may. */
  readonly otherUser?: { readonly name: string; readonly uid: number; readonly gid: number };
}

export const MEBIBYTE = 1024 * 1024;

/** A folder, a containerizer in it, and what is needed to use it. Everything is removed by `end`. */
export class ContainerizerBench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'tranche-containerizer-')));
  readonly options: ContainerizerOptions;
  private readonly opened: Containerizer[] = [];

  constructor(traits: Pick<ContainerizerTraits, 'containerizer' | 'runtime'>) {
    this.options = {
      ...traits,
      runtimeDir: join(this.folder, 'runtime'),
      rootfsFolder: join(this.folder, 'rootfses'),
      cgroupsRoot: `tranche-test-${randomUUID()}`,
      now: Date.now,
    };
    mkdirSync(this.options.runtimeDir);
  }

  /** A containerizer as a newly started agent has it. */
  async open(known: readonly ContainerCheckpoint[] = []): Promise<Containerizer> {
    const containerizer = await createContainerizer(this.options);
    this.opened.push(containerizer);
    await containerizer.recover(known);
    return containerizer;
  }

  /** Everything a container needs; the command is a line of shell. */
  config(command: string, changes: Partial<ContainerConfig> = {}): ContainerConfig {
    const id = randomUUID();
    const sandbox = join(this.folder, 'sandboxes', id);
    mkdirSync(sandbox, { recursive: true });
    return {
      ...{ id, sandbox, args: ['sh', '-c', command], user: userInfo().username },
      env: [['PATH', '/usr/local/bin:/usr/bin:/bin']],
      limits: { cpusMilli: 100, memBytes: 64 * MEBIBYTE },
      ...changes,
    };
  }

  /** Ends and removes all containers, then everything else. */
  async end(): Promise<void> {
    for (const containerizer of this.opened) await containerizer.close?.();
    const last = await createContainerizer(this.options);
    await last.recover([]);
    await last.close?.();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Creates, starts and waits; the container is still there afterwards. */
export async function runContainer(
  containerizer: Containerizer,
  config: ContainerConfig,
): Promise<ContainerTermination> {
  await containerizer.create(config);
  await containerizer.start(config.id);
  return containerizer.termination(config.id);
}

export function outputOf({ sandbox }: ContainerConfig): string {
  return readFileSync(join(sandbox, 'stdout'), 'utf8');
}
