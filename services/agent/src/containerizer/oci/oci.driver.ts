import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { applyResources, type ResourceControllers } from '../cgroups/apply-resources.js';
import type { AttachWarmup } from '../cgroups/attach-warmup.js';
import type { CgroupTree } from '../cgroups/cgroup-tree.js';
import type { ContainerNesting } from '../container.js';
import { refuseBelow } from '../cgroups/refuse-below.js';
import { signalContainer } from '../cgroups/signal-container.js';
import { joined } from '../inside/joined.js';
import { openGroup } from '../inside/open-group.js';
import type { EnteringCommand } from '../inside/inside-command.js';
import { boundingCapabilities } from '../processes/capabilities.js';
import { KeptShell } from '../processes/kept-shell.js';
import { LaunchShell } from '../processes/launch-shell.js';
import type { ContainerDriver, CreateRequest, Entry } from '../supervision/container-driver.js';
import { type ContainerHome, OCI_START_PIPE } from '../supervision/container-home.js';
import { asUser, composeSpec } from './compose-spec.js';
import type { RuntimeSpec } from './runtime-spec.js';
import { LAUNCHER_SCRIPT, launcherEnvironment } from './launcher-script.js';
import { composeMountScript } from './mount-script.js';

/** How much of what the runtime said goes into an error message. */
const MAX_MESSAGE_CHARS = 2048;

/** A runtime and how it is used on this machine. */
export interface OciRuntime {
  readonly name: 'crun' | 'runc';
  /** Absolute path of the binary. */
  readonly path: string;
  readonly version: string;
  /**
   * crun's init waits for one byte in a named pipe, and `crun start` does little but write it. Writing it ourselves
   * saves starting a process. Found out by trial when the agent starts.
   */
  readonly startsByPipe: boolean;
}

export interface OciDriverOptions {
  readonly runtime: OciRuntime;
  /** Absolute path of conmon. */
  readonly conmon: string;
  readonly home: ContainerHome;
  readonly cgroups: CgroupTree;
  readonly controllers: ResourceControllers;
  readonly description: string;
  readonly warmup: AttachWarmup;
  /** PATH for the helpers. */
  readonly searchPath: string;
}

/**
 * Containers made by crun or runc and watched over by conmon, which outlives the agent and writes down the exit code.
 *
 * Nothing but conmon and the runtime's `create` runs per container: `start` is a byte in a pipe, signals go to the
 * pids in the cgroup, and what `delete` would do (remove cgroups and the state folder) is done in place.
 */
export class OciDriver implements ContainerDriver {
  readonly name = 'oci';
  readonly mountsImages = true;
  readonly description: string;
  private readonly capabilities = boundingCapabilities(readFileSync('/proc/self/status', 'utf8'));
  private readonly launcher = new KeptShell(() => this.startLauncher());
  /** Mount table of the host when the launcher's namespace was made from it. */
  private mountTable = '';

  constructor(private readonly options: OciDriverOptions) {
    this.description = options.description;
  }

  async open(): Promise<void> {
    writeFileSync(this.options.home.launcherFile, LAUNCHER_SCRIPT);
    this.options.cgroups.createRoot();
    await this.launcher.open();
  }

  anticipate(): void {
    this.options.warmup.begin();
  }

  nest(id: string, { parentId, sharesLimits, name }: ContainerNesting): void {
    this.options.cgroups.nest(id, parentId, sharesLimits, name);
  }

  async create({ config, user, contribution, parentPid }: CreateRequest): Promise<number> {
    const { home, cgroups } = this.options;
    refuseBelow(cgroups, config.nesting);
    cgroups.prepare(config.id);
    const spec = composeSpec(config, user, this.withoutLimits(contribution), {
      rootfs: home.rootfs,
      cgroupsPath: `/${cgroups.root}/${cgroups.ownPathOf(config.id)}`,
      capabilities: this.capabilities,
      ...(parentPid === undefined ? {} : { parentPid }),
    });
    home.write(config.id, 'config.json', JSON.stringify(spec), 0o600);
    const { overlays = [] } = contribution;
    if (overlays.length > 0) home.write(config.id, 'mounts', composeMountScript(overlays), 0o600);
    const stderr = join(config.sandbox, 'stderr');
    const sizeBefore = statSync(stderr, { throwIfNoEntry: false })?.size ?? 0;
    this.renewLauncherIfMountsChanged();
    const answer = await this.launcher.request('create', config.id);
    const pid = pidOf(answer);
    if (pid !== undefined) {
      if (cgroups.isV2) applyResources(this.options.controllers, config.id, contribution.resources);
      return pid;
    }
    throw new Error(textFrom(stderr, sizeBefore) || `${this.options.runtime.name} create failed`);
  }

  async start(id: string): Promise<void> {
    if (this.options.runtime.startsByPipe) {
      this.startByPipe(id);
      return;
    }
    const status = await this.launcher.request('start', id);
    if (status !== '0') throw new Error(this.options.home.read(id, 'start.log')?.trim() || `start: status ${status}`);
  }

  /** By the runtime, with the process of the container's own spec as a pattern. */
  enter(id: string, _pid: number, command: EnteringCommand): Entry {
    const { args, env, user, group: wanted, makesTerminal } = command;
    const { home, runtime, cgroups } = this.options;
    const spec = home.read(id, 'config.json');
    if (spec === undefined) throw new Error('the container has no runtime spec');
    const { process: pattern, root } = JSON.parse(spec) as RuntimeSpec;
    const hasImage = root.path !== home.rootfs;
    const added = env.map(([name, value]) => `${name}=${value}`);
    const name = `exec-${randomUUID()}.json`;
    home.write(
      id,
      name,
      JSON.stringify({
        ...(user === undefined ? pattern : asUser(pattern, user, hasImage)),
        args,
        env: [...pattern.env, ...added],
        ...(makesTerminal === true ? { terminal: true } : {}),
      }),
      0o600,
    );
    const file = join(home.folder(id), name);
    const group = openGroup(cgroups, id, wanted);
    const within = wanted === undefined ? [] : ['--cgroup', `/${cgroups.pathWithin(group.id)}`];
    const exec = ['--root', home.stateFolder, 'exec', ...within, '--process', file, id];
    return {
      // Where the cgroups are hybrid, the runtime leaves out the v2 tree.
      argv: joined(cgroups.livingProcsFiles(group.id), [runtime.path, ...exec]),
      release: async () => {
        rmSync(file, { force: true });
        await group.release();
      },
    };
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
    await this.launcher.close();
    this.options.cgroups.removeRoot();
  }

  /** In v2 the runtime makes only the cgroup of the container's processes: its limits are those of the one above, and change there. */
  private withoutLimits(contribution: CreateRequest['contribution']): CreateRequest['contribution'] {
    if (!this.options.cgroups.isV2) return contribution;
    const { cpu: _cpu, memory: _memory, ...others } = contribution.resources;
    return { ...contribution, resources: others };
  }

  /** Like `crun start`: the byte lets the init go on, and without the pipe crun sees the container as running. */
  private startByPipe(id: string): void {
    const pipe = join(this.options.home.stateFolder, id, OCI_START_PIPE);
    const descriptor = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      writeSync(descriptor, '0');
    } finally {
      closeSync(descriptor);
    }
    unlinkSync(pipe);
  }

  /**
   * Containers are to see what the host has mounted by now, but the launcher's namespace is a copy of an earlier moment.
   * Reading the table takes 30 µs.
   */
  private renewLauncherIfMountsChanged(): void {
    if (readFileSync('/proc/self/mountinfo', 'utf8') !== this.mountTable) void this.launcher.close();
  }

  private startLauncher(): Promise<LaunchShell> {
    const { home, runtime, conmon, searchPath, cgroups } = this.options;
    this.mountTable = readFileSync('/proc/self/mountinfo', 'utf8');
    const sealed = join(home.runtimeDir, 'bin', basename(runtime.path));
    const { anchor } = cgroups;
    const hidden = runtime.name === 'crun' && anchor !== undefined ? [dirname(anchor), anchor] : [];
    const script = [home.launcherFile, home.runtimeDir, runtime.path, sealed, conmon, ...hidden];
    const shell = ['unshare', '--mount', '--propagation', 'slave', '/bin/sh', ...script];
    return LaunchShell.start(joined(cgroups.supervisors.procsFiles, shell), launcherEnvironment(searchPath));
  }
}

/** conmon's answer: `{"data": PID}`; empty when the runtime failed. */
function pidOf(answer: string): number | undefined {
  try {
    const { data } = JSON.parse(answer) as { data?: unknown };
    return typeof data === 'number' && data > 0 ? data : undefined;
  } catch {
    return undefined;
  }
}

/** What has been added to a file since it had `offset` bytes; the last of it, if it is long. */
function textFrom(file: string, offset: number): string {
  const added = readFileSync(file).subarray(offset).toString('utf8').trim();
  return added.slice(-MAX_MESSAGE_CHARS);
}
