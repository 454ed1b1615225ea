import type { AddressInfo } from 'node:net';
import { configWith } from '@tranche/config';
import {
  type AgentRegistered,
  AgentRegisteredV1,
  type ItemOf,
  ApplyOperationsV1,
  type CommandContract,
  type FreeConversion,
  MakeOffersV1,
  type OffersSnapshot,
  OffersSnapshotV1,
  type Partition,
  type OperateAgent,
  OperateAgentV1,
  type OperateAnswer,
  operatorsQueueOf,
  partitionQueueOf,
  ReportOperationStatusV1,
  type ReportTaskStatus,
  ReportTaskStatusV1,
  WHOLE,
} from '@tranche/contracts';
import type { RunningService } from '@tranche/http';
import { InProcessBroker, InProcessBus, inProcessHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { offersOptions, type OffersConfig } from '../offers.config.js';
import { startOffers } from '../start-offers.js';
import { agentRecord } from './offers.fakes.js';

/** The offers service alone on a broker, with the other services' queues open to look into and to speak from. */
export class OffersCluster {
  private readonly broker: InProcessBroker;
  private readonly registry: InProcessBus;
  private readonly allocator: InProcessBus;
  private readonly agent: InProcessBus;
  /** Items of commands that reached a queue other than that of the service, by pattern. */
  private readonly received = new Map<string, unknown[]>();
  private waiting: (() => void)[] = [];
  private run = 0;
  private running: RunningService | undefined;
  url = '';
  /** What the allocator answers to conversions of what is free, in turn; then it has done them. */
  readonly freeAnswers: FreeConversion[] = [];

  /** @param beside another partition, whose broker it shares and which has started: that one is spoken from and looked into */
  constructor(
    private readonly config: Partial<OffersConfig> = {},
    private readonly partition: Partition = WHOLE,
    private readonly beside?: OffersCluster,
  ) {
    this.broker = beside?.broker ?? new InProcessBroker();
    const partitions = { offers: partition.count };
    this.registry = new InProcessBus(this.broker, 'registry');
    this.allocator = new InProcessBus(this.broker, 'allocator', { partitions });
    this.agent = new InProcessBus(this.broker, 'agent', { partitions });
  }

  async start(): Promise<void> {
    if (this.beside === undefined) this.listen();
    const { broker, partition } = this;
    const partitions = { offers: partition.count };
    const host = inProcessHost({ service: 'offers', broker, logger: silentLogger, partition, partitions });
    const config = configWith(offersOptions, {
      databaseUrl: 'sqlite::memory:',
      clusterId: 'C',
      recoveryGraceMs: 0,
      ...this.config,
    });
    this.running = await startOffers({ config, host });
    await this.running.app.listen(0, '127.0.0.1');
    const { port } = this.running.app.getHttpServer().address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  private listen(): void {
    for (const queue of ['allocator', 'agent.S1']) {
      this.broker.consume(queue, ({ body, reply }) => {
        const free = (): FreeConversion => this.freeAnswers.shift() ?? { outcome: 'converted' };
        if (reply !== undefined) return reply(JSON.stringify({ ok: true, value: free() }));
        const { pattern, items } = JSON.parse(body) as { pattern: string; items: unknown[] };
        this.received.set(pattern, [...(this.received.get(pattern) ?? []), ...items]);
        for (const wake of this.waiting.splice(0)) wake();
      });
    }
    const asOf = { source: 'registry/0', numbers: {} };
    this.broker.consume('registry', ({ reply }) => reply?.(JSON.stringify({ ok: true, value: { asOf, agents: [] } })));
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  registerAgent(more: Partial<AgentRegistered> = {}): void {
    const registered = { agent: agentRecord(), reregistered: false, tasks: [], frameworks: [], ...more };
    this.registry.publish(AgentRegisteredV1, [registered]);
  }

  /** The allocator gives a framework cpus and memory of agent S1. */
  async offer(frameworkId: string, role: string, { cpus = 2, mem = 1024 } = {}): Promise<void> {
    const resources = [
      { name: 'cpus', type: 'SCALAR' as const, scalar: { value: cpus } },
      { name: 'mem', type: 'SCALAR' as const, scalar: { value: mem } },
    ];
    this.run++;
    await this.allocator.send(MakeOffersV1, 'offers', [
      { frameworkId, role, agentId: 'S1', resources, epoch: 'E', run: this.run },
    ]);
  }

  /** The allocator gives a framework a little of agent S1 many times, in one message. */
  async offers(frameworkId: string, role: string, count: number): Promise<void> {
    const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.01 } }];
    const made = { frameworkId, role, agentId: 'S1', resources, epoch: 'E', run: ++this.run };
    await this.allocator.send(
      MakeOffersV1,
      'offers',
      Array.from({ length: count }, () => made),
    );
  }

  /** An operator's operation, which the agent does. */
  async operate(request: OperateAgent): Promise<OperateAnswer> {
    const queue = operatorsQueueOf({ offers: this.partition.count });
    const answer = this.agent.ask(OperateAgentV1, queue, request);
    const [applied] = await Promise.race([this.taken(ApplyOperationsV1), answer.then(() => [])]);
    if (applied !== undefined) {
      const { agentId, operationUuid } = applied;
      const status = { state: 'OPERATION_FINISHED' as const };
      await this.agent.send(ReportOperationStatusV1, 'offers', [{ agentId, operationUuid, status }]);
    }
    return answer;
  }

  /** What the service tells who asks for a snapshot. */
  snapshot(): Promise<OffersSnapshot> {
    return this.agent.ask(OffersSnapshotV1, partitionQueueOf('offers', this.partition.index), { withTasks: true });
  }

  async report(report: ReportTaskStatus): Promise<void> {
    await this.agent.send(ReportTaskStatusV1, 'offers', [report]);
  }

  /** The next items of a command that the service has sent; each is given once. */
  async taken<C extends CommandContract>(contract: C, count = 1): Promise<ItemOf<C>[]> {
    for (;;) {
      const items = (this.received.get(contract.pattern) ?? []) as ItemOf<C>[];
      if (items.length >= count) return items.splice(0, count);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  call(streamId: string, body: unknown): Promise<Response> {
    return fetch(`${this.url}/api/v1/scheduler`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'mesos-stream-id': streamId },
      body: JSON.stringify(body),
    });
  }
}
