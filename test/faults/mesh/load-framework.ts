import { isTerminalState, type Offer, type TaskInfo, type TaskStatus } from '@tranche/mesos-api';
import {
  CallLostError,
  CallRefusedError,
  type CommandTask,
  type FrameworkEvent,
  NotSubscribedError,
  packOffer,
  portsOf,
  Scheduler,
} from '@tranche/scheduler';
import type { Random } from '../fuzz/random.mjs';
import type { LogEntry, TaskShare } from './history.js';
import { pause } from './mesh-member.js';
import { taskCommand } from './task-evidence.js';

export interface LoadOptions {
  readonly url: string;
  /** Begins the ids of its tasks; its name. */
  readonly name: string;
  readonly random: Random;
  /** Tasks that wait or live at most. */
  readonly maxLive: number;
  readonly evidenceFolder: string;
}

type Outcome = Extract<LogEntry, { kind: 'kill' }>['outcome'];

const NEW_TASK_EVERY_MS = 150;
const REFUSE = { refuse_seconds: 0.2 };

/** A framework that survives its cluster's faults: it checkpoints, fails over, acknowledges by itself, and writes everything down. */
export class LoadFramework {
  readonly log: LogEntry[] = [];
  readonly exitCodes = new Map<string, number>();
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;
  private readonly launched = new Map<string, 'live' | 'ended'>();
  private waiting: CommandTask[] = [];
  private count = 0;
  private isFeeding = true;
  private readonly feeding: Promise<void>;
  private failure: unknown;

  constructor(private readonly options: LoadOptions) {
    this.scheduler = new Scheduler({
      url: options.url,
      framework: {
        user: process.env['USER'] ?? 'root',
        name: options.name,
        checkpoint: true,
        failover_timeout: 600,
        capabilities: [{ type: 'PARTITION_AWARE' }],
      },
      acknowledge: 'manual',
      responseTimeoutMs: 10_000,
      backoff: { initialMs: 100, maxMs: 1_000 },
    });
    this.running = this.run().catch((error: unknown) => {
      this.failure = error;
    });
    this.feeding = this.feed();
  }

  get frameworkId(): string | undefined {
    return this.scheduler.frameworkId;
  }

  /** Launched and not known to have ended. */
  get live(): readonly string[] {
    return [...this.launched].filter(([, state]) => state === 'live').map(([id]) => id);
  }

  get launches(): number {
    return this.launched.size;
  }

  /** @throws what ended the subscription for good: without load a run proves nothing */
  expectSubscribed(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Launches no more. @throws what ended the subscription for good */
  async finishFeeding(): Promise<void> {
    this.isFeeding = false;
    this.waiting = [];
    await this.feeding;
    this.expectSubscribed();
  }

  /** Asks what became of every task that lives; the answers are updates. */
  async askAboutLive(): Promise<void> {
    // Without a name all of them would be asked for.
    if (this.live.length === 0) return;
    await this.outcomeOf(this.scheduler.reconcile(this.live.map((taskId) => ({ taskId }))));
  }

  suppress(): Promise<Outcome> {
    return this.outcomeOf(this.scheduler.suppress());
  }

  async end(): Promise<void> {
    await this.outcomeOf(this.scheduler.teardown());
    this.scheduler.close();
    await this.running;
  }

  private async run(): Promise<void> {
    for await (const event of this.scheduler) this.hear(event);
  }

  private hear(event: FrameworkEvent): void {
    const atMs = Date.now();
    if (event.type === 'subscribed') this.log.push({ kind: 'subscribed', atMs });
    if (event.type === 'disconnected') this.log.push({ kind: 'disconnected', atMs, detail: event.detail });
    if (event.type === 'update') this.hearUpdate(event.status, atMs);
    if (event.type !== 'offers') return;
    this.log.push({ kind: 'offers', atMs, detail: String(event.offers.length) });
    for (const offer of event.offers) void this.use(offer);
  }

  private hearUpdate(status: TaskStatus, atMs: number): void {
    const { state, uuid, reason, message } = status;
    const taskId = status.task_id.value;
    this.log.push({ kind: 'update', atMs, taskId, state, uuid, reason, message });
    // What was launched and is not known is known to have ended only when the cluster says so of a launch that it has accepted or lost.
    if (isTerminalState(state) || state === 'TASK_UNKNOWN') this.launched.set(taskId, 'ended');
    else if (uuid !== undefined) this.launched.set(taskId, 'live');
    if (uuid === undefined) return;
    const entry = { kind: 'acknowledge', atMs, taskId, state, uuid } as const;
    void this.outcomeOf(this.scheduler.acknowledge(status)).then((outcome) =>
      this.log.push({ ...entry, outcome, answeredAtMs: Date.now() }),
    );
  }

  private async use(offer: Offer): Promise<void> {
    const { launched: tasks, waiting } = packOffer(offer, this.waiting);
    this.waiting = waiting;
    const atMs = Date.now();
    for (const task of tasks) this.launched.set(task.task_id.value, 'live');
    const outcome = await this.outcomeOf(this.scheduler.launch(offer, tasks, REFUSE));
    for (const task of tasks) {
      const taskId = task.task_id.value;
      const call = { atMs, outcome, answeredAtMs: Date.now(), taskId, agentId: offer.agent_id.value };
      this.log.push({ kind: 'launch', ...call, has: shareOf(task) });
      if (outcome === 'refused' || outcome === 'unsaid') this.launched.set(taskId, 'ended');
    }
  }

  /** Keeps tasks waiting, and ends one now and then. */
  private async feed(): Promise<void> {
    const { random, maxLive } = this.options;
    while (this.isFeeding) {
      if (this.live.length + this.waiting.length < maxLive) this.waiting.push(this.nextTask());
      const [oldest] = this.live;
      if (oldest !== undefined && random.chance(0.04)) void this.kill(random.pick(this.live));
      await pause(NEW_TASK_EVERY_MS);
    }
  }

  private async kill(taskId: string): Promise<void> {
    const atMs = Date.now();
    const outcome = await this.outcomeOf(this.scheduler.kill(taskId));
    this.log.push({ kind: 'kill', atMs, taskId, outcome, answeredAtMs: Date.now() });
  }

  /** Mostly short ones; some that outlive several faults; some that fail. */
  private nextTask(): CommandTask {
    const { random, name, evidenceFolder } = this.options;
    const id = `${name}-${this.count++}`;
    const seconds = random.chance(0.15) ? 5 + random.next() * 15 : 0.1 + random.next() * 2.5;
    const exitCode = random.chance(0.1) ? 3 : 0;
    this.exitCodes.set(id, exitCode);
    return {
      id,
      command: taskCommand({ taskId: id, seconds, exitCode, evidenceFolder }),
      cpus: (2 + random.below(8)) / 10,
      memMb: 32 * (1 + random.below(6)),
      diskMb: 8 * (1 + random.below(12)),
      ports: random.below(3),
    };
  }

  private async outcomeOf(call: Promise<void>): Promise<Outcome> {
    try {
      await call;
      return 'accepted';
    } catch (error) {
      if (error instanceof CallRefusedError) return 'refused';
      if (error instanceof NotSubscribedError) return 'unsaid';
      if (error instanceof CallLostError) return 'lost';
      throw error;
    }
  }
}

function shareOf({ resources = [] }: TaskInfo): TaskShare {
  const amount = (wanted: string): number => Number(resources.find(({ name }) => name === wanted)?.scalar?.value ?? 0);
  const portNumbers = portsOf(resources);
  return {
    cpusMilli: Math.round(amount('cpus') * 1_000),
    memMb: amount('mem'),
    diskMb: amount('disk'),
    ports: portNumbers.length,
    portNumbers,
  };
}
