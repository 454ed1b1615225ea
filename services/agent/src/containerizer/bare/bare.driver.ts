import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applyResources } from '../cgroups/apply-resources.js';
import type { AttachWarmup } from '../cgroups/attach-warmup.js';
import { readCgroupFile } from '../cgroups/cgroup-file.js';
import type { CgroupTree } from '../cgroups/cgroup-tree.js';
import type { CpuController } from '../cgroups/cpu-controller.js';
import type { ContainerNesting } from '../container.js';
import type { MemoryController } from '../cgroups/memory-controller.js';
import { refuseBelow } from '../cgroups/refuse-below.js';
import { signalContainer } from '../cgroups/signal-container.js';
import type { MergedContribution, SpecNamespace } from '../oci/runtime-spec.js';
import { enterFlags } from '../inside/differing-namespaces.js';
import { joined } from '../inside/joined.js';
import { openGroup } from '../inside/open-group.js';
import { insideArgv } from '../inside/inside-argv.js';
import type { EnteringCommand } from '../inside/inside-command.js';
import { KeptShell } from '../processes/kept-shell.js';
import { LaunchShell } from '../processes/launch-shell.js';
import { composeCommandScript, composeInsideScript, quote, switchUser } from '../supervision/command-script.js';
import type { ContainerDriver, CreateRequest, Entry } from '../supervision/container-driver.js';
import { type ContainerHome, START_PIPE } from '../supervision/container-home.js';
import { SHIM_LAUNCHER_SCRIPT } from '../supervision/shim-script.js';
import { letGo } from '../supervision/start-pipe.js';

const CHILD_RETRY_MS = 1;
const CHILD_ATTEMPTS = 2_000;

/** util-linux: how `unshare` makes each namespace. It stays outside a pid namespace and takes it down when it ends. */
const UNSHARE_FLAGS: Partial<Record<SpecNamespace, readonly string[]>> = {
  pid: ['--pid', '--fork', '--kill-child', '--mount-proc'],
  mount: ['--mount', '--propagation', 'slave'],
};

export interface BareDriverOptions {
  readonly home: ContainerHome;
  readonly cgroups: CgroupTree;
  readonly cpu: CpuController;
  readonly memory: MemoryController;
  readonly description: string;
  /** Absolute path of setpriv. */
  readonly setpriv: string;
  readonly warmup: AttachWarmup;
  readonly searchPath: string;
}

/**
 * Containers without an OCI runtime: cgroups made by the agent, namespaces by util-linux' `unshare`, and a shell as
 * supervisor. It can give cgroups, a pid and a mount namespace; isolators that ask for more are refused.
 */
export class BareDriver implements ContainerDriver {
  readonly name = 'bare';
  readonly mountsImages = false;
  readonly description: string;
  private readonly shell: KeptShell;

  constructor(private readonly options: BareDriverOptions) {
    const { home, description, searchPath, cgroups } = options;
    this.description = description;
    const script = joined(cgroups.supervisors.procsFiles, ['/bin/sh', home.launcherFile, home.runtimeDir]);
    this.shell = new KeptShell(() => LaunchShell.start(script, { PATH: searchPath }));
  }

  async open(): Promise<void> {
    writeFileSync(this.options.home.launcherFile, SHIM_LAUNCHER_SCRIPT);
    this.options.cgroups.createRoot();
    await this.shell.open();
  }

  anticipate(): void {
    this.options.warmup.begin();
  }

  nest(id: string, { parentId, sharesLimits, name }: ContainerNesting): void {
    this.options.cgroups.nest(id, parentId, sharesLimits, name);
  }

  /** A nested container shares network, IPC and host name with its parent, since both have those of the host. */
  async create({ config, user, contribution }: CreateRequest): Promise<number> {
    const { home, cgroups, setpriv } = this.options;
    if (config.nesting?.sharesPids === true && contribution.namespaces.includes('pid')) {
      throw new Error('sharing the pid namespace of the parent container needs an OCI runtime');
    }
    refuseBelow(cgroups, config.nesting);
    const foreign = contribution.namespaces.find((namespace) => UNSHARE_FLAGS[namespace] === undefined);
    if (foreign !== undefined) throw new Error(`a ${foreign} namespace needs an OCI runtime`);
    cgroups.create(config.id);
    applyResources(this.options, config.id, contribution.resources);
    home.write(config.id, 'enter', composeEnterScript(cgroups.procsFiles(config.id), contribution), 0o600);
    // /dev is the host's own here: nothing completes it. /proc is mounted by unshare.
    const mounts = contribution.mounts.filter(({ type, destination }) => type === 'bind' && destination !== '/dev');
    const setup = { setpriv, init: contribution.init, mounts };
    home.write(config.id, 'run', composeCommandScript(config, user, setup), 0o600);
    home.write(config.id, 'inside', composeInsideScript(config, user, setpriv), 0o600);
    const pid = Number(await this.shell.request('create', config.id));
    if (!(pid > 0)) throw new Error(`no process could be made in ${home.folder(config.id)}`);
    return contribution.namespaces.includes('pid') ? this.childOf(pid, config.sandbox) : pid;
  }

  async start(id: string): Promise<void> {
    await letGo(join(this.options.home.folder(id), START_PIPE));
  }

  enter(id: string, pid: number, command: EnteringCommand): Entry {
    const { home, cgroups, setpriv } = this.options;
    const flags = enterFlags(pid);
    const { user } = command;
    const inside = insideArgv(home, id, command, user && switchUser(user, setpriv));
    const enter = flags.length === 0 ? inside : ['nsenter', '--target', String(pid), ...flags, '--', ...inside];
    const group = openGroup(cgroups, id, command.group);
    return { argv: joined(cgroups.livingProcsFiles(group.id), enter), release: group.release };
  }

  async signal(id: string, pid: number, signal: NodeJS.Signals): Promise<void> {
    const { cgroups, home } = this.options;
    await signalContainer(cgroups, id, pid, signal, home.inputOf(id) !== undefined);
  }

  async destroy(id: string): Promise<void> {
    await this.options.cgroups.kill(id);
  }

  async release(id: string): Promise<void> {
    await this.options.cgroups.remove(id);
  }

  list(): string[] {
    return this.options.cgroups.list();
  }

  async close(): Promise<void> {
    await this.shell.close();
    this.options.cgroups.removeRoot();
  }

  /** `unshare` forks PID 1 of the new namespace a moment after it has been started. */
  private async childOf(parent: number, sandbox: string): Promise<number> {
    for (let attempt = 0; attempt < CHILD_ATTEMPTS; attempt++) {
      const children = readCgroupFile(`/proc/${parent}/task/${parent}/children`);
      const child = Number.parseInt(children ?? '', 10);
      if (child > 0) return child;
      if (children === undefined) break;
      await delay(CHILD_RETRY_MS);
    }
    const words = readFileSync(join(sandbox, 'stderr'), 'utf8').trim();
    throw new Error(words || 'unshare made no process');
  }
}

/** The script that enters cgroups and namespaces and goes on with `run`. Pure. */
export function composeEnterScript(procsFiles: readonly string[], { namespaces }: MergedContribution): string {
  const flags = namespaces.flatMap((namespace) => UNSHARE_FLAGS[namespace] ?? []);
  const unshare = flags.length === 0 ? '' : `unshare ${flags.join(' ')} `;
  return [
    '#!/bin/sh',
    ...procsFiles.map((file) => `echo 0 > ${quote(file)} || exit 125`),
    `exec ${unshare}/bin/sh ./run`,
    '',
  ].join('\n');
}
