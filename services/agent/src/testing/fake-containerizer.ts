import type {
  ContainerConfig,
  ContainerTermination,
  ResourceLimits,
  ResourceStatistics,
} from '../containerizer/container.js';
import { type ContainerInput, NoTerminalError } from '../containerizer/terminal/container-input.js';
import type { InsideCommand, InsideEnd } from '../containerizer/inside/inside-command.js';
import {
  type ContainerCheckpoint,
  type Containerizer,
  ContainerLaunchError,
  type RecoveredContainer,
} from '../containerizer/containerizer.js';

interface FakeContainer {
  readonly config: ContainerConfig;
  started: boolean;
  readonly signals: string[];
  /** Limits that it got while it ran, newest last. */
  readonly updates: ResourceLimits[];
  readonly terminated: PromiseWithResolvers<ContainerTermination>;
  termination?: ContainerTermination;
}

/**
 * For tests: containers that end when the test says so. Like real ones they outlive the agent: give the same node to the next agent's
 * containerizer. It holds a caller to the order of calls, and counts how often each container's process was let run.
 */
export class FakeNode {
  readonly containers = new Map<string, FakeContainer>();
  /** Ids in the order in which their processes began to run. */
  readonly begun: string[] = [];
}

export class FakeContainerizer implements Containerizer {
  readonly name = 'fake';
  readonly description = 'fake containers';
  /** The next call of this kind fails with this message. */
  failNext: Partial<Record<'create' | 'start' | 'remove', string>> = {};
  /** What a call of `create` waits for, when a test holds it. */
  creating: Promise<void> = Promise.resolve();
  /** The same for `start`. */
  starting: Promise<void> = Promise.resolve();

  constructor(readonly node = new FakeNode()) {}

  async create(config: ContainerConfig): Promise<ContainerCheckpoint> {
    await this.creating;
    this.failIfTold('create', config.id);
    if (this.node.containers.has(config.id)) throw new Error(`container ${config.id} exists`);
    this.node.containers.set(config.id, {
      config,
      started: false,
      signals: [],
      updates: [],
      terminated: Promise.withResolvers<ContainerTermination>(),
    });
    return checkpointOf(config.id);
  }

  async start(id: string): Promise<void> {
    await this.starting;
    this.failIfTold('start', id);
    const container = this.get(id);
    if (container.started) throw new Error(`container ${id} was started before`);
    container.started = true;
    this.node.begun.push(id);
  }

  termination(id: string): Promise<ContainerTermination> {
    return this.get(id).terminated.promise;
  }

  async kill(id: string, signal: NodeJS.Signals): Promise<void> {
    this.node.containers.get(id)?.signals.push(signal);
  }

  /** What a command in a container comes to. */
  inside: (id: string, command: InsideCommand) => Promise<InsideEnd> = async () => ({
    ...{ exitCode: 0, hasTimedOut: false, output: '' },
  });

  async runInside(id: string, command: InsideCommand): Promise<InsideEnd> {
    this.get(id);
    return this.inside(id, command);
  }

  async openInput(id: string): Promise<ContainerInput> {
    this.get(id);
    throw new NoTerminalError(id);
  }

  async update(id: string, limits: ResourceLimits): Promise<void> {
    this.get(id).updates.push(limits);
  }

  async usage(id: string): Promise<ResourceStatistics> {
    this.get(id);
    return { timestampSeconds: 1, memTotalBytes: 4096 };
  }

  async remove(id: string): Promise<void> {
    this.failIfTold('remove', id);
    this.end(id, { waitStatus: 9 });
    this.node.containers.delete(id);
  }

  async recover(known: readonly ContainerCheckpoint[]): Promise<RecoveredContainer[]> {
    for (const id of [...this.node.containers.keys()]) {
      if (!known.some((checkpoint) => checkpoint.id === id)) await this.remove(id);
    }
    return known.map(({ id, pid }): RecoveredContainer => {
      const container = this.node.containers.get(id);
      if (container === undefined) return { id, state: 'lost' };
      const { termination, started } = container;
      if (termination !== undefined) return { id, state: 'ended', termination };
      return { id, state: 'running', pid, ...(started ? {} : { isBlocked: true }) };
    });
  }

  /** The container's process ends. */
  end(id: string, termination: ContainerTermination): void {
    const container = this.node.containers.get(id);
    if (container === undefined || container.termination !== undefined) return;
    container.termination = termination;
    container.terminated.resolve(termination);
  }

  signals(id: string): readonly string[] {
    return this.node.containers.get(id)?.signals ?? [];
  }

  /** What it was made with, and what became of its limits. */
  made(id: string): { readonly config: ContainerConfig; readonly updates: readonly ResourceLimits[] } {
    return this.get(id);
  }

  private get(id: string): FakeContainer {
    const container = this.node.containers.get(id);
    if (container === undefined) throw new Error(`no container ${id}`);
    return container;
  }

  private failIfTold(call: 'create' | 'start' | 'remove', id: string): void {
    const message = this.failNext[call];
    if (message === undefined) return;
    delete this.failNext[call];
    throw new ContainerLaunchError(message, id);
  }
}

export const checkpointOf = (id: string): ContainerCheckpoint => ({
  id,
  containerizer: 'fake',
  pid: 4711,
  pidStartTicks: '1',
  bootId: 'b',
  detail: {},
});
