// size: one class on purpose: the steps of a container's life hold each other to their order.
import { setTimeout as delay } from 'node:timers/promises';
import { ATTRIBUTE, inSpan, SPAN } from '@tranche/telemetry';
import type {
  ContainerConfig,
  ContainerNesting,
  ContainerTermination,
  ResourceLimits,
  ResourceStatistics,
} from '../container.js';
import type { ContainerCheckpoint, Containerizer, RecoveredContainer } from '../containerizer.js';
import { ContainerLaunchError } from '../containerizer.js';
import type { InsideCommand, InsideEnd } from '../inside/inside-command.js';
import { runInside } from '../inside/run-inside.js';
import type { Isolator } from '../isolator.js';
import { mergeContributions, type MergedContribution } from '../oci/runtime-spec.js';
import { whyNotExecutable } from '../processes/executable.js';
import { isAlive, type ProcessIdentity, readBootId, readProcessStat } from '../processes/process-identity.js';
import { workersIn } from '../processes/workplace.js';
import { SYSTEM_PATH } from '../processes/system-path.js';
import type { ResolvedUser, UserDirectory } from '../processes/user.js';
import { waitStatusOf } from '../processes/wait-status.js';
import { type ContainerInput, NoTerminalError, openContainerInput } from '../terminal/container-input.js';
import type { Terminal } from '../terminal/terminal.js';
import { terminalArgv, type TerminalPrograms } from '../terminal/terminal-argv.js';
import type { ContainerDriver } from './container-driver.js';
import { type ContainerHome, decodeLimits, encodeLimits } from './container-home.js';
import { decodeNesting, encodeNesting } from './nesting-detail.js';
import { within } from './deadline.js';
import { DeathSweep } from './death-sweep.js';
import { ExitWatch } from './exit-watch.js';
import { limitStatistics } from './limit-statistics.js';
import { openStreams } from './sandbox-streams.js';
import { superviseContainer, type SupervisedContainer, UnknownContainerError } from './supervised-container.js';

/** How long a container that is being removed may take to end after SIGKILL. */
const REMOVE_TIMEOUT_MS = 10_000;

/**
 * A container found dead at recovery without an exit file: for as long as its supervisor lives, but not longer than a minute, that may still
 * write one. Where nobody can tell whether it lives, it gets five seconds.
 */
const EXIT_ATTEMPTS = 1_200;
const BLIND_EXIT_ATTEMPTS = 100;
const EXIT_RETRY_MS = 50;

/** So much of a damaged file is shown. */
const MAX_SHOWN = 40;

const NO_LIMITS = '{"cpusMilli":0,"memBytes":0}';

export interface SupervisedOptions {
  readonly driver: ContainerDriver;
  readonly home: ContainerHome;
  readonly isolators: readonly Isolator[];
  readonly users: UserDirectory;
  /** Absent where there are no terminals. */
  readonly terminals?: TerminalPrograms | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * The containerizer whose containers live under a supervisor that outlives the agent: everything but the driver's part.
 *
 * An exit is learnt from the exit file that the supervisor writes, so that a container's end is seen in the same way
 * whether the agent was there or not.
 */
export class SupervisedContainerizer implements Containerizer {
  readonly name: string;
  readonly description: string;
  private readonly containers = new Map<string, SupervisedContainer>();
  /** Ids whose creation is under way: a second one must not clear them away when it fails. */
  private readonly beingCreated = new Set<string>();
  private readonly removals = new Map<string, Promise<void>>();
  /** What recovery found unreadable, by container. */
  private readonly findings = new Map<string, string[]>();
  /** Of commands that run inside. */
  private readonly groups = new Set<string>();
  private readonly exits: ExitWatch;
  private readonly deaths = new DeathSweep();
  private readonly bootId = readBootId();
  /** Says in a trace which isolators took their time. */
  private readonly isolation: { readonly attributes: Readonly<Record<string, string>> };

  private constructor(private readonly options: SupervisedOptions) {
    const { driver, home, isolators } = options;
    this.isolation = { attributes: { [ATTRIBUTE.detail]: isolators.map(({ name }) => name).join(', ') } };
    this.name = driver.name;
    this.description = driver.description;
    this.exits = new ExitWatch(
      home.exitsFolder,
      (id) => this.lookForExit(id),
      () => this.scan(),
    );
  }

  /** For containers of an earlier run only: none can be created. */
  static adopt(options: SupervisedOptions): SupervisedContainerizer {
    options.home.prepare();
    const containerizer = new SupervisedContainerizer(options);
    containerizer.exits.open();
    return containerizer;
  }

  /** @throws when the driver's helpers cannot be started */
  static async open(options: SupervisedOptions): Promise<SupervisedContainerizer> {
    options.home.prepare();
    await options.driver.open();
    return SupervisedContainerizer.adopt(options);
  }

  get imageRefusal(): string | undefined {
    const { driver, isolators } = this.options;
    if (!isolators.some(({ name }) => name === 'filesystem/linux')) {
      return `container images need the isolator filesystem/linux, this agent has ${isolators.map(({ name }) => name).join(', ')}`;
    }
    return driver.mountsImages
      ? undefined
      : `container images need an OCI runtime, crun or runc; this agent runs containers without one`;
  }

  anticipate(): void {
    this.options.driver.anticipate();
  }

  async create(config: ContainerConfig): Promise<ContainerCheckpoint> {
    const { id, limits, nesting } = config;
    this.anticipate();
    this.refuseUnlessNew(config);
    if (nesting !== undefined) this.options.driver.nest(id, nesting);
    this.beingCreated.add(id);
    try {
      const pid = await this.createProcess(config);
      const startTicks = readProcessStat(pid)?.startTicks ?? '';
      for (const isolator of this.options.isolators) await isolator.isolate(id, pid);
      this.track(id, { pid, startTicks }, limits, nesting);
      const detail = { sandbox: config.sandbox, limits: encodeLimits(limits), ...encodeNesting(nesting) };
      return { id, containerizer: this.name, pid, pidStartTicks: startTicks, bootId: this.bootId, detail };
    } catch (error) {
      await this.clear(id).catch(() => {});
      throw new ContainerLaunchError(messageOf(error), id, { cause: error });
    } finally {
      this.beingCreated.delete(id);
    }
  }

  async start(id: string): Promise<void> {
    const container = this.known(id);
    try {
      if (container.isOver) throw new Error('the container ended before it was started');
      await this.options.driver.start(id);
    } catch (error) {
      await this.remove(container.id).catch(() => {});
      throw new ContainerLaunchError(messageOf(error), id, { cause: error });
    }
  }

  async termination(id: string): Promise<ContainerTermination> {
    return this.known(id).ended;
  }

  async kill(id: string, signal: NodeJS.Signals): Promise<void> {
    const container = this.known(id);
    if (!container.isOver) await this.options.driver.signal(id, container.identity.pid, signal);
  }

  async runInside(id: string, command: InsideCommand): Promise<InsideEnd> {
    const { identity, isOver } = this.known(id);
    if (isOver) return { hasTimedOut: false, output: 'the container has ended' };
    try {
      const hasImage = this.options.home.hasImage(id);
      const args = hasImage ? command.args : this.argvOf(command);
      const { user: name, terminal, ...entering } = { ...command, args };
      const user = name === undefined ? {} : { user: this.userNamed(name) };
      const inner = hasImage && terminal !== undefined ? { makesTerminal: true } : {};
      const { argv: entry, release } = this.options.driver.enter(id, identity.pid, { ...entering, ...user, ...inner });
      // The programs that make a terminal are the host's. In an image there are none: the runtime makes one, and copies between it and this.
      const argv = hasImage ? (this.argvOf({ args: entry, terminal }) as typeof entry) : entry;
      const stty = command.terminal && this.options.terminals?.stty;
      if (command.group !== undefined) this.groups.add(command.group.id);
      try {
        return await runInside(argv, command, { searchPath: SYSTEM_PATH, stty });
      } finally {
        await this.release(command, release);
      }
    } catch (error) {
      return { hasTimedOut: false, output: messageOf(error) };
    }
  }

  async openInput(id: string): Promise<ContainerInput> {
    const container = this.known(id);
    const pipe = container.isOver ? undefined : this.options.home.inputOf(id);
    if (pipe === undefined) throw new NoTerminalError(id);
    return openContainerInput(pipe, container.identity.pid, this.options.terminals?.stty, () => container.isOver);
  }

  async update(id: string, limits: ResourceLimits): Promise<void> {
    const container = this.known(id);
    if (container.isOver) return;
    const isLimited = container.nesting?.sharesLimits !== true;
    if (isLimited) for (const isolator of this.options.isolators) await isolator.update(id, limits);
    container.limits = limits;
    this.options.home.writeLimits(id, limits);
  }

  async usage(id: string): Promise<ResourceStatistics> {
    return this.groups.has(id) ? this.statistics(id) : this.statistics(id, this.known(id).limits);
  }

  async remove(id: string): Promise<void> {
    const running = this.removals.get(id);
    if (running !== undefined) return running;
    const removal = this.endAndClear(id).finally(() => this.removals.delete(id));
    this.removals.set(id, removal);
    return removal;
  }

  /** @param others ids of containers that somebody else looks after in the same folder */
  async recover(known: readonly ContainerCheckpoint[], others: readonly string[] = []): Promise<RecoveredContainer[]> {
    const { driver, home, isolators } = this.options;
    const present = known.filter((checkpoint) => this.leftTrace(checkpoint));
    for (const { id, detail } of present) {
      const nesting = decodeNesting(detail);
      if (nesting !== undefined) driver.nest(id, nesting);
    }
    const kept = new Set([...present.map(({ id }) => id), ...others]);
    const orphans = [...new Set([...home.list(), ...driver.list()])].filter((id) => !kept.has(id));
    const plans = present.map(({ id, pid, detail }) => {
      const limits = this.lastLimits(id) ?? decodeLimits(detail['limits'] ?? NO_LIMITS);
      return { id, pid, limits, sandbox: detail['sandbox'] ?? '' };
    });
    for (const isolator of isolators) await isolator.recover(plans, orphans);
    for (const [index, { id, pid, pidStartTicks, detail }] of present.entries()) {
      const limits = plans[index]?.limits ?? decodeLimits(NO_LIMITS);
      this.track(id, { pid, startTicks: pidStartTicks }, limits, decodeNesting(detail));
    }
    // One that resists, with a process that hangs in the kernel, must not keep the agent from starting; the next one tries.
    for (const id of orphans) await this.clear(id).catch(() => {});
    return Promise.all(known.map(({ id }) => this.recovered(id)));
  }

  /** Stops watching; containers live on and can be recovered. Without any, nothing of the agent is left on the machine. */
  async close(): Promise<void> {
    this.exits.close();
    await this.options.driver.close();
    for (const container of this.containers.values()) container.stop.abort();
    this.options.home.removeIfEmpty();
  }

  /** What cannot be ended now is when the agent starts the next time. */
  private async release({ group }: InsideCommand, release: () => Promise<void>): Promise<void> {
    await release().catch(() => undefined);
    if (group !== undefined) this.groups.delete(group.id);
  }

  private argvOf({ args, terminal }: { args: readonly string[]; terminal?: Terminal | undefined }): readonly string[] {
    if (terminal === undefined) return args;
    const { terminals } = this.options;
    if (terminals === undefined)
      throw new Error('terminals need the programs script (util-linux) and stty (coreutils)');
    return terminalArgv(args, terminal, terminals);
  }

  private refuseUnlessNew({ id, args, env, sandbox, image, volumes = [] }: ContainerConfig): void {
    const isKnown = this.containers.has(id) || this.beingCreated.has(id);
    if (isKnown) throw new ContainerLaunchError(`container ${id} exists already`, id);
    const [file] = args;
    const path = env.findLast(([name]) => name === 'PATH')?.[1];
    const hasImages = image !== undefined || volumes.some(({ kind }) => kind === 'image');
    const imageRefusal = hasImages ? this.imageRefusal : undefined;
    const missing = image === undefined && file !== undefined ? whyNotExecutable(file, path, sandbox) : undefined;
    const reason = file === undefined ? 'the command is empty' : (imageRefusal ?? missing);
    if (reason !== undefined) throw new ContainerLaunchError(reason, id);
  }

  private async createProcess(config: ContainerConfig): Promise<number> {
    const { driver, home, isolators } = this.options;
    const user = this.userNamed(config.user);
    openStreams(config.sandbox, user);
    home.create(config.id, config.sandbox);
    if (config.terminal !== undefined && config.image !== undefined) {
      throw new Error('a container with an image cannot have a terminal as its input and output; sessions in it can');
    }
    if (config.terminal !== undefined) home.wantInput(config.id);
    if (config.image !== undefined) home.write(config.id, 'image', config.image.name);
    if (config.volumes?.length && !isolators.some(({ name }) => name.startsWith('filesystem/'))) {
      throw new Error('volumes need one of the isolators filesystem/linux, filesystem/posix');
    }
    const contribution = await inSpan(SPAN.isolators, this.isolation, () => this.prepareIsolation(config));
    const args = config.image === undefined ? this.argvOf(config) : config.args;
    return driver.create({ config: { ...config, args }, user, contribution, ...this.parentOf(config) });
  }

  private userNamed(name: string): ResolvedUser {
    const user = this.options.users.resolve(name);
    if (user === undefined) throw new Error(`no such user on this host: ${name}`);
    return user;
  }

  private async prepareIsolation(config: ContainerConfig): Promise<MergedContribution> {
    const contributions = [];
    for (const isolator of this.options.isolators) {
      const { resources, ...contribution } = await isolator.prepare(config);
      const isLimited = config.nesting?.sharesLimits !== true && resources !== undefined;
      contributions.push({ ...contribution, ...(isLimited ? { resources } : {}) });
    }
    return mergeContributions(contributions);
  }

  /** @throws when the container around it is not there or has ended */
  private parentOf({ nesting }: ContainerConfig): { readonly parentPid?: number } {
    if (nesting === undefined) return {};
    const parent = this.containers.get(nesting.parentId);
    if (parent === undefined || parent.isOver) throw new Error(`parent container ${nesting.parentId} does not run`);
    return { parentPid: parent.identity.pid };
  }

  private track(
    id: string,
    identity: ProcessIdentity,
    limits: ResourceLimits,
    nesting: ContainerNesting | undefined,
  ): void {
    const container = superviseContainer(id, identity, limits, nesting);
    this.containers.set(id, container);
    // Its parent is watched for both.
    if (nesting?.sharesLimits === true) return;
    for (const isolator of this.options.isolators) void this.enforce(container, isolator).catch(() => {});
  }

  /** Ends the container when one of its limits is hit. */
  private async enforce(container: SupervisedContainer, isolator: Isolator): Promise<void> {
    const limitation = await isolator.watch(container.id, container.stop.signal);
    if (limitation === undefined || container.isOver) return;
    container.limitation ??= limitation;
    await this.options.driver.signal(container.id, container.identity.pid, 'SIGKILL');
  }

  private lookForExit(id: string): void {
    const container = this.containers.get(id);
    if (container === undefined || container.isOver) return;
    const text = this.options.home.readExit(id);
    if (text !== undefined) void this.windUp(container, waitStatusOf(text));
  }

  /** Finds exits that no event told of, and containers whose supervisor died before it could write one down. */
  private scan(): void {
    const exits = this.options.home.exits();
    for (const id of exits) this.lookForExit(id);
    const running = this.containers.values().filter(({ isOver }) => !isOver);
    for (const container of this.deaths.sweep(running)) void this.windUp(container, undefined);
  }

  /** The first process has ended: ends the rest, takes the last statistics, tells the waiting. Never throws. */
  private async windUp(container: SupervisedContainer, waitStatus: number | undefined): Promise<void> {
    container.isOver = true;
    container.stop.abort();
    const { id } = container;
    await this.options.driver.destroy(id).catch(() => {});
    const limited = this.limitedAs(id);
    container.limitation ??= this.containers.get(limited)?.limitation;
    for (const isolator of this.options.isolators) {
      container.limitation ??= await isolator.limitationAtEnd(limited).catch(() => undefined);
    }
    const statistics = await this.statistics(id, container.limits).catch(() => undefined);
    container.settle({ waitStatus, limitation: container.limitation, statistics });
  }

  /** The container whose limits hold for this one: itself, or one around it. */
  private limitedAs(id: string): string {
    const nesting = this.containers.get(id)?.nesting;
    return nesting?.sharesLimits === true ? this.limitedAs(nesting.parentId) : id;
  }

  private async statistics(id: string, limits?: ResourceLimits): Promise<ResourceStatistics> {
    const parts = [];
    for (const isolator of this.options.isolators) parts.push(await isolator.usage(id));
    const timestampSeconds = this.options.now() / 1000;
    return Object.assign({ timestampSeconds, ...(limits && limitStatistics(limits)) }, ...parts) as ResourceStatistics;
  }

  /** Containers within it go first: nothing else would end those of the containerizer without cgroups. */
  private async endAndClear(id: string): Promise<void> {
    const nested = [...this.containers.values()].filter(({ nesting }) => nesting?.parentId === id);
    await Promise.all(nested.map((child) => this.remove(child.id)));
    const container = this.containers.get(id);
    if (container !== undefined) {
      if (!container.isOver) await this.options.driver.signal(id, container.identity.pid, 'SIGKILL');
      const termination = await within(REMOVE_TIMEOUT_MS, container.ended);
      if (termination === undefined && !container.isOver) await this.windUp(container, undefined);
    }
    await this.clear(id);
  }

  /** Takes a container apart that no process is left of, or that nobody wants; whatever of it there is. */
  private async clear(id: string): Promise<void> {
    const { driver, home, isolators } = this.options;
    const isWoundUp = this.containers.get(id)?.isOver === true;
    this.containers.delete(id);
    if (!isWoundUp) await driver.destroy(id);
    await driver.release(id);
    for (const isolator of isolators.toReversed()) await isolator.cleanup(id);
    home.remove(id);
  }

  /** Undefined when none were written, or what was written cannot be read: then those that it was made with hold. */
  private lastLimits(id: string): ResourceLimits | undefined {
    const text = this.options.home.read(id, 'limits.json');
    try {
      return text === undefined ? undefined : decodeLimits(text);
    } catch (error) {
      this.note(id, `limits.json: ${messageOf(error)}`);
      return undefined;
    }
  }

  private note(id: string, finding: string): void {
    this.findings.set(id, [...(this.findings.get(id) ?? []), finding]);
  }

  /** A container of another boot has left nothing but files. */
  private leftTrace({ id, bootId }: ContainerCheckpoint): boolean {
    return bootId === this.bootId && (this.options.home.has(id) || this.options.home.readExit(id) !== undefined);
  }

  private async recovered(id: string): Promise<RecoveredContainer> {
    const container = this.containers.get(id);
    if (container === undefined) return { id, state: 'lost' };
    for (let attempt = 0; attempt < EXIT_ATTEMPTS && !container.isOver; attempt++) {
      this.lookForExit(id);
      if (!container.isOver && isAlive(container.identity)) {
        const blocked = this.options.home.isBlocked(id) ? { isBlocked: true as const } : {};
        return { id, state: 'running', pid: container.identity.pid, ...blocked, ...this.found(id) };
      }
      if (container.isOver) break;
      const isDue = this.awaitsExit(id, attempt);
      this.lookForExit(id);
      if (!isDue) break;
      if (!container.isOver) await delay(EXIT_RETRY_MS);
    }
    if (!container.isOver) await this.windUp(container, undefined);
    const exit = this.options.home.readExit(id);
    if (exit !== undefined && waitStatusOf(exit) === undefined) {
      this.note(id, `the exit file holds no exit code: ${JSON.stringify(exit.slice(0, MAX_SHOWN))}`);
    }
    return { id, state: 'ended', termination: await container.ended, ...this.found(id) };
  }

  /**
   * Asked before the exit file is looked for: what the supervisor has written before its end is found. It looks at every process of the machine,
   * so not of a container that runs.
   */
  private awaitsExit(id: string, attempt: number): boolean {
    const supervisors = workersIn(this.options.home.folder(id));
    return supervisors === undefined ? attempt < BLIND_EXIT_ATTEMPTS : supervisors.length > 0;
  }

  private found(id: string): { readonly findings?: readonly string[] } {
    const findings = this.findings.get(id);
    return findings === undefined ? {} : { findings };
  }

  private known(id: string): SupervisedContainer {
    const container = this.containers.get(id);
    if (container === undefined) throw new UnknownContainerError(id);
    return container;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
