import { type Authorizer, OPEN_AUTHORIZER } from '@tranche/config';
import type {
  AcknowledgeOperationStatus,
  AcknowledgeStatus,
  AgentRecord,
  AgentUsage,
  AnswerInverseOffers,
  ConvertFree,
  DeliverMessage,
  FreeConversion,
  InverseOfferOutcome,
  InverseOfferRecord,
  ApplyOperations,
  KillTask,
  LaunchTaskGroups,
  LaunchTasks,
  OfferOutcome,
  OfferRecord,
  RecoverResources,
  ReviveOffers,
  ShutdownExecutor,
  ShutdownFramework,
  UpdateAllocation,
  UpdateFramework,
} from '@tranche/contracts';
import { WHOLE } from '@tranche/contracts';
import {
  type FrameworkInfo,
  isTerminalState,
  type Resource,
  type SchedulerEvent,
  type TaskInfo,
} from '@tranche/mesos-api';
import { FakeClock } from '@tranche/telemetry';
import type { AgentCommands, LaunchDelivery } from '../agents/agent-commands.port.js';
import { agentOf } from '../agents/agent.js';
import { AgentTable } from '../agents/agent-table.js';
import { AgentTotals } from '../agents/agent-totals.js';
import { OperationTable } from '../operations/operation-table.js';
import type { Changes } from '../changes/changes.port.js';
import type { Framework, FrameworkTerms } from '../frameworks/framework.js';
import { FrameworkTable } from '../frameworks/framework-table.js';
import type { OutgoingEvent, SchedulerStream } from '../frameworks/scheduler-stream.port.js';
import { subscribeFramework } from '../frameworks/subscribe-framework.js';
import { InverseOfferTable } from '../inverse-offers/inverse-offer-table.js';
import { CountedIds } from '../ids.port.js';
import type { Allocator } from '../offers/allocator.port.js';
import { makeOffers } from '../offers/make-offers.js';
import { OfferExpiry } from '../offers/offer-expiry.js';
import { OfferTable } from '../offers/offer-table.js';
import type { OffersContext } from '../offers-context.js';
import type { Task } from '../tasks/task.js';
import { TaskTable } from '../tasks/task-table.js';

/** A stream that remembers what was sent. */
export class FakeStream implements SchedulerStream {
  readonly events: SchedulerEvent[] = [];
  isEnded = false;
  heartbeatIntervalMs: number | undefined;

  constructor(readonly streamId = 'stream') {}

  send({ event }: OutgoingEvent): void {
    if (!this.isEnded) this.events.push(event);
  }

  keepAlive(intervalMs: number): void {
    this.heartbeatIntervalMs = intervalMs;
    this.events.push({ type: 'HEARTBEAT' });
  }

  end(): void {
    this.isEnded = true;
  }

  /** Events since the last look. */
  take(): SchedulerEvent[] {
    return this.events.splice(0);
  }

  types(): (string | undefined)[] {
    return this.take().map(({ type }) => type);
  }
}

export class FakeAllocator implements Allocator {
  /** Answers to conversions of what is free, in turn; then all is done. */
  readonly freeAnswers: FreeConversion[] = [];
  readonly freeConversions: ConvertFree[] = [];
  readonly recovered: RecoverResources[] = [];
  readonly converted: UpdateAllocation[] = [];
  readonly revived: ReviveOffers[] = [];
  readonly usages: AgentUsage[] = [];
  readonly answers: AnswerInverseOffers[] = [];

  async convertFree(item: ConvertFree): Promise<FreeConversion> {
    this.freeConversions.push(item);
    return this.freeAnswers.shift() ?? { outcome: 'converted' };
  }
  recover(item: RecoverResources): void {
    this.recovered.push(item);
  }
  convert(items: readonly UpdateAllocation[]): void {
    this.converted.push(...items);
  }
  revive(item: ReviveOffers): void {
    this.revived.push(item);
  }
  answerInverseOffer(item: AnswerInverseOffers): void {
    this.answers.push(item);
  }
  usage(item: AgentUsage): void {
    this.usages.push(item);
  }
}

export class FakeAgents implements AgentCommands {
  /** What becomes of launches from now on. */
  delivery: LaunchDelivery = 'delivered';
  readonly launched: LaunchTasks[] = [];
  readonly launchedGroups: LaunchTaskGroups[] = [];
  readonly applied: ApplyOperations[] = [];
  readonly acknowledgedOperations: AcknowledgeOperationStatus[] = [];
  readonly askedToRegister: string[] = [];
  readonly kills: KillTask[] = [];
  readonly acknowledged: AcknowledgeStatus[] = [];
  /** Of the acknowledged: those that wait for the database. */
  readonly ended: string[] = [];
  readonly updatedFrameworks: UpdateFramework[] = [];
  readonly shutDown: ShutdownFramework[] = [];
  readonly executorsShutDown: ShutdownExecutor[] = [];
  readonly messages: DeliverMessage[] = [];

  async launch(_agentId: string, items: readonly LaunchTasks[]): Promise<LaunchDelivery> {
    if (this.delivery === 'delivered') this.launched.push(...items);
    return this.delivery;
  }
  async launchGroups(_agentId: string, items: readonly LaunchTaskGroups[]): Promise<LaunchDelivery> {
    if (this.delivery === 'delivered') this.launchedGroups.push(...items);
    return this.delivery;
  }
  async apply(_agentId: string, items: readonly ApplyOperations[]): Promise<LaunchDelivery> {
    if (this.delivery === 'delivered') this.applied.push(...items);
    return this.delivery;
  }
  acknowledgeOperation(_agentId: string, item: AcknowledgeOperationStatus): void {
    this.acknowledgedOperations.push(item);
  }
  async reregister(agentId: string): Promise<boolean> {
    this.askedToRegister.push(agentId);
    return true;
  }
  kill(_agentId: string, item: KillTask): void {
    this.kills.push(item);
  }
  acknowledgeEnd(agentId: string, item: AcknowledgeStatus): void {
    this.acknowledged.push(item);
    this.ended.push(`${agentId} ${item.taskId}`);
  }
  acknowledge(_agentId: string, item: AcknowledgeStatus): void {
    this.acknowledged.push(item);
  }
  shutdownExecutor(_agentId: string, item: ShutdownExecutor): void {
    this.executorsShutDown.push(item);
  }
  deliverMessage(_agentId: string, item: DeliverMessage): void {
    this.messages.push(item);
  }
  updateFramework(_agentId: string, item: UpdateFramework): void {
    this.updatedFrameworks.push(item);
  }
  shutdownFramework(_agentId: string, item: ShutdownFramework): void {
    this.shutDown.push(item);
  }
}

export const cpusIn = (resources: readonly Resource[]): number =>
  resources.reduce((all, { name, scalar: amount }) => all + (name === 'cpus' ? Number(amount?.value ?? 0) : 0), 0);

/** What is told of offers and tasks is looked at by tests. */
export class FakeChanges implements Changes {
  readonly ended: [offerId: string, outcome: OfferOutcome][] = [];
  readonly inverseEnded: [agentId: string, outcome: InverseOfferOutcome][] = [];
  readonly frameworkStates: string[] = [];
  /** Tasks as they were when a change of theirs was told. */
  readonly updated: Task[] = [];
  /** What was told of tasks, in order: `t1 TASK_FINISHED`, `t2 holds 2 (after t1)`. */
  readonly tasksTold: string[] = [];

  /** CPUs by task or offer, in the books of somebody who hears what is told. */
  private readonly cpus = new Map<string, number>();
  /** The most that those were together since somebody has set it back. */
  peakCpus = 0;

  get toldCpus(): number {
    return [...this.cpus.values()].reduce((all, one) => all + one, 0);
  }

  private note(id: string, resources: readonly Resource[]): void {
    this.cpus.set(id, cpusIn(resources));
    this.peakCpus = Math.max(this.peakCpus, this.toldCpus);
  }

  framework({ state }: { state: string }): void {
    this.frameworkStates.push(state);
  }
  offerMade({ offerId, resources }: OfferRecord): void {
    this.note(offerId, resources);
  }
  offerEnded({ offerId }: OfferRecord, outcome: OfferOutcome): void {
    this.note(offerId, []);
    this.ended.push([offerId, outcome]);
  }
  inverseOfferMade(): void {
    // Seen by its event.
  }
  inverseOfferEnded({ agentId }: InverseOfferRecord, outcome: InverseOfferOutcome): void {
    this.inverseEnded.push([agentId, outcome]);
  }
  taskLaunched({ record }: Task, before?: Task): void {
    const after = before === undefined ? '' : ` (after ${before.record.taskId})`;
    this.note(record.taskId, record.resources);
    this.tasksTold.push(`${record.taskId} holds ${record.resources.length}${after}`);
  }
  taskUpdated(task: Task): void {
    if (task.stage !== 'live' || isTerminalState(task.record.state)) this.note(task.record.taskId, []);
    this.tasksTold.push(`${task.record.taskId} ${task.record.state}`);
    this.updated.push({ ...task });
  }
  executorIdle(): void {
    // Seen in the tables.
  }
  executorEnded(): void {
    // Seen in the tables.
  }

  operationUpdated(): void {
    // Seen by its event, and in the table.
  }
  operationForgotten(): void {
    // Seen in the table.
  }
  totalChanged(): void {
    // Seen in the totals.
  }
  forgotten(): void {
    // Seen in the tables.
  }
}

export interface Scene extends OffersContext {
  readonly clock: FakeClock;
  readonly allocator: FakeAllocator;
  readonly agents: FakeAgents;
  readonly changes: FakeChanges;
  readonly expiry: OfferExpiry;
}

/** This life of the service. */
export const LIFE = 'offers/1';

/** Agents S1 and S2, new to the cluster; no frameworks; offers expire after a minute; everybody may do everything unless told. */
export function scene(authorizer: Authorizer = OPEN_AUTHORIZER): Scene {
  const agents = new AgentTable(LIFE);
  for (const agent of [agentRecord(), agentRecord({ agentId: 'S2', hostname: 'a2' })]) {
    agents.set(agentOf(agent));
    agents.told.registered({ agent, reregistered: false });
  }
  agents.complete();
  const context = {
    state: {
      partition: WHOLE,
      frameworks: new FrameworkTable(10),
      offers: new OfferTable(),
      inverseOffers: new InverseOfferTable(),
      tasks: new TaskTable(10),
      agents,
      operations: new OperationTable(),
      totals: new AgentTotals(agents),
    },
    allocator: new FakeAllocator(),
    agents: new FakeAgents(),
    changes: new FakeChanges(),
    clock: new FakeClock(),
    ids: new CountedIds('C'),
    authorizer,
    settings: {
      offerTimeoutMs: 60_000,
      heartbeatIntervalMs: 15_000,
      recoveryGraceMs: 5_000,
      masterInfo: { id: 'C', ip: 0, port: 5050 },
    },
  };
  return { ...context, expiry: new OfferExpiry(context) };
}

export const frameworkInfo = (more: Partial<FrameworkInfo> = {}): FrameworkInfo => ({
  user: 'u',
  name: 'f',
  roles: ['web'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
  failover_timeout: 10,
  ...more,
});

/** Subscribes a framework and forgets the events that greeted it. */
export function subscribe(
  context: OffersContext,
  more: Partial<FrameworkInfo> = {},
  terms: Partial<FrameworkTerms> = {},
): { framework: Framework; stream: FakeStream } {
  const stream = new FakeStream(`stream-${more.id?.value ?? 'new'}`);
  const result = subscribeFramework(context, { info: frameworkInfo(more), suppressedRoles: [], ...terms }, stream);
  if (!result.ok) throw new Error(`refused: ${result.message}`);
  stream.take();
  return { framework: result.framework, stream };
}

export const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });

/** Makes one offer as the allocator would have it. @returns its id */
export function offer(
  context: Scene,
  framework: Framework,
  { agentId = 'S1', role = 'web', cpus = 2, mem = 1024 } = {},
): string {
  const resources = [scalar('cpus', cpus), scalar('mem', mem)];
  const before = new Set(Array.from(context.state.offers.all(), ({ record }) => record.offerId));
  const { frameworkId } = framework;
  makeOffers(context, context.expiry, [{ frameworkId, role, agentId, resources, epoch: 'E', run: 1 }]);
  const made = [...context.state.offers.all()].find(({ record }) => !before.has(record.offerId));
  return made?.record.offerId ?? 'none';
}

export const taskInfo = (taskId: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: taskId,
  task_id: { value: taskId },
  agent_id: { value: 'S1' },
  resources: [scalar('cpus', 0.5), scalar('mem', 32)],
  command: { value: 'true' },
  ...more,
});

/** Agent S1 with 4 cpus and 4 GiB. */
export const agentRecord = (more: Partial<AgentRecord> = {}): AgentRecord => ({
  agentId: 'S1',
  hostname: 'a1',
  ip: '127.0.0.1',
  port: 5051,
  version: '0.1.0',
  state: 'active',
  stateSinceMs: 0,
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 4 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 4096 } },
  ],
  attributes: [],
  capabilities: [],
  registeredAtMs: 0,
  ...more,
});
