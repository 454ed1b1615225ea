// size: the whole stage: what a rule may say and see of the cluster around the scheduler API.
import type { AddressInfo } from 'node:net';
import { configWith } from '@tranche/config';
import {
  type AgentRecord,
  type AgentRegistered,
  AgentRegisteredV1,
  type AgentState,
  AgentStateChangedV1,
  AgentUnavailabilityChangedV1,
  type CommandContract,
  type FrameworkRecord,
  type FrameworkUpdated,
  FrameworkUpdatedV1,
  type ItemOf,
  LaunchTasksV1,
  MakeOffersV1,
  queueOf,
  ReportTaskStatusV1,
} from '@tranche/contracts';
import type {
  FrameworkInfo,
  Offer,
  Resource,
  SchedulerCallSubscribe,
  TaskInfo,
  TaskStatus,
  Unavailability,
} from '@tranche/mesos-api';
import type { MessageBus, ServiceHost } from '@tranche/messaging';
import { type OffersConfig, offersOptions, startOffers } from '@tranche/offers';
import { amqpUrl } from '@tranche/test-servers';
import { isMesh } from '../mesh.config.js';
import { type Answer, type Encoding, mediaTypeOf, Scheduler, send, type Sending } from './scheduler.js';
import { InProcessWire } from './wires/in-process.wire.js';
import { RabbitWire } from './wires/rabbit.wire.js';
import type { Taking, Wire } from './wires/wire.js';

export const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
export const cpusAndMem = (cpus = 1, mem = 64): Resource[] => [scalar('cpus', cpus), scalar('mem', mem)];

const AGENT_RESOURCES: readonly Resource[] = [...cpusAndMem(8, 8192), scalar('disk', 1000)];

const ALL_CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'TASK_RESOURCE_LIMITS',
  'AGENT_DRAINING',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
];

export interface Offering {
  readonly agentId?: string;
  readonly role?: string;
  readonly resources?: readonly Resource[];
}

interface Sent {
  readonly queue: string;
  readonly pattern: string;
  readonly item: unknown;
}

export interface StageOptions {
  readonly config?: Partial<OffersConfig>;
  /** Agents that the registry knows at the start of the service. */
  readonly remembered?: readonly AgentRecord[];
  /** Starts the real allocator; without it the rule decides what is offered. */
  readonly allocator?: (host: ServiceHost) => Promise<{ stop(): Promise<void> }>;
}

/**
 * The scheduler API as it runs, with the rest of the cluster played by the rule: the offers service over one of the transports and over
 * HTTP, agents that are queues, and an allocator that is either the rule's word or, when it is given, the real one.
 */
export class Stage {
  private readonly registry: MessageBus;
  private readonly others: MessageBus;
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly schedulers: Scheduler[] = [];
  private readonly registered = new Map<string, AgentRecord>();
  private sent: Sent[] = [];
  private wakes: (() => void)[] = [];
  private agents = 0;
  private runs = 0;
  private uuids = 0;
  url = '';

  private constructor(
    readonly encoding: Encoding,
    private readonly wire: Wire,
  ) {
    this.registry = wire.bus('registry');
    this.others = wire.bus('stage');
  }

  static async start(encoding: Encoding, options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(encoding, isMesh ? await RabbitWire.open(await amqpUrl()) : new InProcessWire());
    for (const agent of options.remembered ?? []) stage.registered.set(agent.agentId, agent);
    const agents = () => ({ asOf: stage.registry.factNumbers(), agents: [...stage.registered.values()] });
    const quota = () => ({ asOf: { source: 'quota/0', numbers: {} }, roles: [] });
    await stage.wire.take('registry', { answer: agents });
    await stage.wire.take('quota', { answer: quota });
    await stage.watch('stage', { facts: [FrameworkUpdatedV1.pattern] });
    await stage.startServices(options);
    return stage;
  }

  private async startServices({ allocator, config = {} }: StageOptions): Promise<void> {
    const host = (service: string) => this.wire.host(service);
    const common = { databaseUrl: 'sqlite::memory:', clusterId: 'C', recoveryGraceMs: 0 };
    const offers = await startOffers({
      config: configWith(offersOptions, { ...common, ...config }),
      host: host('offers'),
    });
    this.stops.push(() => offers.stop());
    await offers.app.listen(0, '127.0.0.1');
    this.url = `http://127.0.0.1:${(offers.app.getHttpServer().address() as AddressInfo).port}`;
    if (allocator === undefined) await this.watch('allocator');
    else {
      const running = await allocator(host('allocator'));
      this.stops.push(() => running.stop());
    }
  }

  async stop(): Promise<void> {
    await this.leaveAll();
    for (const stop of this.stops.splice(0).toReversed()) await stop();
    await this.wire.close();
  }

  /** Ends what the last rule left: its schedulers are gone, what was sent for them is forgotten. */
  async leaveAll(): Promise<void> {
    for (const scheduler of this.schedulers.splice(0)) {
      if (!scheduler.isEnded) await scheduler.call({ type: 'TEARDOWN' });
      scheduler.leave();
    }
    await this.quiet();
    this.sent = [];
  }

  /** One request in this stage's encoding, or as said. */
  post(sending: Sending): Promise<Answer> {
    const headers = sending.headers ?? { 'Content-Type': mediaTypeOf(this.encoding) };
    return send(this.url, { ...sending, headers });
  }

  /** Sends a SUBSCRIBE and looks at nothing that comes. */
  async open(info: Partial<FrameworkInfo> = {}, more: Partial<SchedulerCallSubscribe> = {}): Promise<Scheduler> {
    const framework_info = frameworkInfo(info);
    const { id } = framework_info;
    const scheduler = await Scheduler.open(this.url, this.encoding, {
      type: 'SUBSCRIBE',
      ...(id === undefined ? {} : { framework_id: id }),
      subscribe: { framework_info, ...more },
    });
    this.schedulers.push(scheduler);
    return scheduler;
  }

  /** A framework that is subscribed and has been greeted. */
  async subscribe(info: Partial<FrameworkInfo> = {}, more: Partial<SchedulerCallSubscribe> = {}): Promise<Scheduler> {
    const scheduler = await this.open(info, more);
    const { subscribed } = await scheduler.next('SUBSCRIBED');
    scheduler.frameworkId = subscribed?.framework_id.value ?? '';
    await scheduler.next('HEARTBEAT');
    return scheduler;
  }

  /** The message of the ERROR event that refuses a subscription; the stream must hold nothing else and end. */
  async refusal(info: Partial<FrameworkInfo>, more: Partial<SchedulerCallSubscribe> = {}): Promise<string | undefined> {
    const events = await (await this.open(info, more)).end();
    return events.length === 1 && events[0]?.type === 'ERROR' ? events[0].error?.message : JSON.stringify(events);
  }

  /** A new agent registers. @returns its id */
  async agent(more: Partial<AgentRecord> = {}, reported: Partial<AgentRegistered> = {}): Promise<string> {
    const agentId = more.agentId ?? `C-S${this.agents++}`;
    await this.watch(queueOf('agent', agentId));
    const agent = agentRecord(agentId, more);
    const reregistered = more.agentId !== undefined;
    this.registered.set(agentId, agent);
    this.registry.publish(AgentRegisteredV1, [{ agent, reregistered, tasks: [], frameworks: [], ...reported }]);
    await this.quiet();
    return agentId;
  }

  /** The registry states what has become of an agent. */
  async agentIs(agentId: string, state: AgentState, reason = 'health check timed out'): Promise<void> {
    const agent = this.registered.get(agentId);
    if (agent !== undefined) this.registered.set(agentId, { ...agent, state });
    this.registry.publish(AgentStateChangedV1, [{ agentId, state, reason, atMs: 1_700_000_000_000 }]);
    await this.quiet();
  }

  /** The registry states when an agent is to be taken out of service; undefined: not any more. */
  async agentHasWindow(agentId: string, unavailability: Unavailability | undefined): Promise<void> {
    const { unavailability: _before, ...agent } = this.registered.get(agentId) ?? agentRecord(agentId);
    this.registered.set(agentId, unavailability === undefined ? agent : { ...agent, unavailability });
    const change = { agentId, ...(unavailability === undefined ? {} : { unavailability }) };
    this.registry.publish(AgentUnavailabilityChangedV1, [change]);
    await this.quiet();
  }

  /** Another service or an agent sends the offers service a command. */
  async tell<C extends CommandContract>(contract: C, items: readonly ItemOf<C>[]): Promise<void> {
    await this.others.send(contract, 'offers', items);
    await this.quiet();
  }

  /** The allocator decides to offer something to the framework. @returns the offer as the framework gets it */
  async offer(scheduler: Scheduler, offering: Offering = {}): Promise<Offer> {
    const { role = 'web', resources = [...cpusAndMem(4, 1024), scalar('disk', 100)] } = offering;
    const special = resources.filter(({ reservations, disk }) => reservations !== undefined || disk !== undefined);
    const agentId = offering.agentId ?? (await this.agent({ resources: [...AGENT_RESOURCES, ...special] }));
    const { frameworkId } = scheduler;
    const made = { frameworkId, role, agentId, resources: [...resources], epoch: 'E', run: ++this.runs };
    await this.others.send(MakeOffersV1, 'offers', [made]);
    const { offers } = await scheduler.next('OFFERS');
    const [offer] = offers?.offers ?? [];
    if (offer === undefined) throw new Error('OFFERS without an offer');
    return offer;
  }

  /** Launches one task on a fresh offer and waits until its agent has been told. */
  async launch(scheduler: Scheduler, taskId: string, more: Partial<TaskInfo> = {}): Promise<TaskInfo> {
    const offer = await this.offer(scheduler);
    const task = taskInfo(taskId, offer.agent_id.value, more);
    await accept(scheduler, [offer.id.value], [task]);
    await this.told(LaunchTasksV1, ({ task: sent }) => sent.task_id.value === taskId);
    return task;
  }

  /** An agent reports a status of a task. @returns the update's uuid */
  async report(scheduler: Scheduler, task: TaskInfo, more: Partial<TaskStatus>): Promise<string> {
    const uuid = more.uuid ?? this.uuid();
    const agentId = task.agent_id.value;
    const status: TaskStatus = {
      task_id: task.task_id,
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      agent_id: task.agent_id,
      timestamp: 1_700_000_000 + this.uuids,
      ...more,
      uuid,
    };
    const report = { agentId, frameworkId: scheduler.frameworkId, taskId: task.task_id.value, status };
    await this.others.send(ReportTaskStatusV1, 'offers', [{ ...report, traceId: '0'.repeat(32) }]);
    await this.quiet();
    return uuid;
  }

  /** Another service or an agent sends a command to `offers`. */
  async say<I>(contract: CommandContract<I>, item: I): Promise<void> {
    await this.others.send(contract, 'offers', [item]);
    await this.quiet();
  }

  /** A fresh RFC 4122 uuid in base64. */
  uuid(): string {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(++this.uuids, 12);
    bytes[6] = 0x40;
    bytes[8] = 0x80;
    return bytes.toString('base64');
  }

  /** The first item of a command that fits; waits for it. Each is given once. */
  async told<C extends CommandContract>(contract: C, fits: (item: ItemOf<C>) => boolean = () => true) {
    for (const deadline = performance.now() + 5_000; ; ) {
      const at = this.sent.findIndex(({ pattern, item }) => pattern === contract.pattern && fits(item as ItemOf<C>));
      if (at >= 0) return this.sent.splice(at, 1)[0]?.item as ItemOf<C>;
      if (performance.now() > deadline) throw new Error(`no ${contract.pattern}; sent: ${JSON.stringify(this.sent)}`);
      await Promise.race([new Promise<void>((resolve) => this.wakes.push(resolve)), pause(50)]);
    }
  }

  /** Items of a command that were sent so far and not taken. */
  async all<C extends CommandContract>(contract: C): Promise<ItemOf<C>[]> {
    await this.quiet();
    return this.sent.filter(({ pattern }) => pattern === contract.pattern).map(({ item }) => item as ItemOf<C>);
  }

  /** What the other services were last told of a framework. */
  async framework(frameworkId: string): Promise<FrameworkRecord | undefined> {
    await this.quiet();
    const isIt = ({ pattern, item }: Sent): boolean =>
      pattern === FrameworkUpdatedV1.pattern && (item as FrameworkUpdated).framework.frameworkId === frameworkId;
    return (this.sent.findLast(isIt)?.item as FrameworkUpdated | undefined)?.framework;
  }

  private quiet(): Promise<void> {
    return this.wire.quiet();
  }

  private watch(queue: string, more: Pick<Taking, 'facts'> = {}): Promise<void> {
    return this.wire.take(queue, {
      ...more,
      onMessage: ({ pattern, items }) => {
        this.sent.push(...items.map((item) => ({ queue, pattern, item })));
        for (const wake of this.wakes.splice(0)) wake();
      },
    });
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An agent with 8 cpus, 8 GiB and all capabilities that matter to schedulers. */
export const agentRecord = (agentId: string, more: Partial<AgentRecord> = {}): AgentRecord => ({
  agentId,
  hostname: `host-${agentId}`,
  ip: '127.0.0.1',
  port: 5051,
  version: '0.1.0',
  state: 'active',
  stateSinceMs: 0,
  resources: [...AGENT_RESOURCES],
  attributes: [],
  capabilities: ALL_CAPABILITIES,
  registeredAtMs: 0,
  ...more,
});

export const frameworkInfo = (more: Partial<FrameworkInfo> = {}): FrameworkInfo => ({
  user: 'u',
  name: 'f',
  roles: ['web'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
  failover_timeout: 0,
  ...more,
});

export const taskInfo = (taskId: string, agentId: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: taskId,
  task_id: { value: taskId },
  agent_id: { value: agentId },
  resources: cpusAndMem(),
  command: { value: 'true' },
  ...more,
});

/** ACCEPT with one LAUNCH. */
export const accept = (
  scheduler: Scheduler,
  offerIds: readonly string[],
  tasks: readonly TaskInfo[],
  refuseSeconds?: number,
): Promise<Answer> =>
  scheduler.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: offerIds.map((value) => ({ value })),
      operations: [{ type: 'LAUNCH', launch: { task_infos: [...tasks] } }],
      ...(refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } }),
    },
  });
