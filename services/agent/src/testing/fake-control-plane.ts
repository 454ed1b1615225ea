import {
  AcknowledgeStatusV1,
  type AgentHeartbeat,
  contractOf,
  DeliverMessageV1,
  type ForwardMessage,
  ForwardMessageV1,
  KillTaskV1,
  type LaunchTaskGroups,
  LaunchTaskGroupsV1,
  type LaunchTasks,
  LaunchTasksV1,
  type NoteTaskDetail,
  NoteTaskDetailV1,
  parseEnvelope,
  queueOf,
  type RegisterAgentRequest,
  type RegisterAgentResponse,
  type ReportOperationStatus,
  ReportOperationStatusV1,
  type ReportExecutorEnd,
  ReportExecutorEndV1,
  type ReportTaskStatus,
  ReportTaskStatusV1,
  ShutdownExecutorV1,
} from '@tranche/contracts';
import type { OperationStatus } from '@tranche/mesos-api';
import { InProcessBroker, InProcessBus, inProcessHost, type ServiceHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { isTerminal } from '../tasks/task-state.js';

/** For tests: the services around an agent, over the real in-process broker. They admit every agent and keep what it tells them. */
export class FakeControlPlane {
  readonly broker = new InProcessBroker();
  readonly registrations: RegisterAgentRequest[] = [];
  readonly heartbeats: AgentHeartbeat[] = [];
  readonly unregistered: unknown[] = [];
  readonly reports: ReportTaskStatus[] = [];
  readonly operations: ReportOperationStatus[] = [];
  readonly details: NoteTaskDetail[] = [];
  readonly executorEnds: ReportExecutorEnd[] = [];
  /** Of executors to their frameworks. */
  readonly messages: ForwardMessage[] = [];
  /** What the registry answers. */
  answer: (request: RegisterAgentRequest) => RegisterAgentResponse = (request) => ({
    ok: true,
    agentId: request.agentId ?? 'S0',
    heartbeatIntervalMs: 15_000,
  });
  /** Whether updates are acknowledged as soon as they come. */
  acknowledges = true;
  private readonly bus = new InProcessBus(this.broker, 'offers');
  private readonly waiting: { readonly isThere: () => boolean; readonly wake: () => void }[] = [];

  constructor() {
    this.broker.consume('registry', ({ body, reply }) => {
      const { pattern, items } = parseEnvelope(JSON.parse(body));
      if (reply !== undefined) {
        const request = items[0] as RegisterAgentRequest;
        this.registrations.push(request);
        const response = this.answer(request);
        if (response.ok) this.broker.declareQueue(queueOf('agent', response.agentId));
        reply(JSON.stringify({ ok: true, value: response }));
      } else if (contractOf(pattern)?.name === 'agent.heartbeat') this.heartbeats.push(...(items as AgentHeartbeat[]));
      else this.unregistered.push(...items);
      this.wakeAll();
    });
    this.broker.consume('offers', ({ body }) => {
      const { pattern, items } = parseEnvelope(JSON.parse(body));
      if (pattern === ReportOperationStatusV1.pattern) {
        this.operations.push(...(items as ReportOperationStatus[]));
        this.wakeAll();
      }
      if (pattern === NoteTaskDetailV1.pattern) this.details.push(...(items as NoteTaskDetail[]));
      if (pattern === NoteTaskDetailV1.pattern) this.wakeAll();
      // Notes of newer statuses are for the books, which are not kept here.
      if (pattern === ReportTaskStatusV1.pattern)
        for (const report of items as ReportTaskStatus[]) void this.take(report);
      if (pattern === ReportExecutorEndV1.pattern) this.executorEnds.push(...(items as ReportExecutorEnd[]));
      if (pattern === ForwardMessageV1.pattern) this.messages.push(...(items as ForwardMessage[]));
      this.wakeAll();
    });
  }

  /** What an agent of this control plane runs on. */
  host(): ServiceHost {
    return inProcessHost({ service: 'agent', broker: this.broker, logger: silentLogger });
  }

  launch(agentId: string, ...items: LaunchTasks[]): Promise<void> {
    return this.bus.send(LaunchTasksV1, queueOf('agent', agentId), items);
  }

  kill(agentId: string, taskId: string): Promise<void> {
    return this.bus.send(KillTaskV1, queueOf('agent', agentId), [{ frameworkId: 'F', taskId }]);
  }

  launchGroup(agentId: string, ...items: LaunchTaskGroups[]): Promise<void> {
    return this.bus.send(LaunchTaskGroupsV1, queueOf('agent', agentId), items);
  }

  /** A message of framework F to one of its executors. @param data base64 */
  deliverMessage(agentId: string, executorId: string, data: string): Promise<void> {
    return this.bus.send(DeliverMessageV1, queueOf('agent', agentId), [
      { agentId, frameworkId: 'F', executorId, data },
    ]);
  }

  shutdownExecutor(agentId: string, executorId: string): Promise<void> {
    return this.bus.send(ShutdownExecutorV1, queueOf('agent', agentId), [{ agentId, frameworkId: 'F', executorId }]);
  }

  /** Settles with the first report of a task that has this state. */
  async reported(taskId: string, state: string): Promise<ReportTaskStatus> {
    return this.found(() => this.reports.find((report) => report.taskId === taskId && report.status.state === state));
  }

  /** Settles with the first report of a task, whichever it is. */
  begun(taskId: string): Promise<ReportTaskStatus> {
    return this.found(() => this.reports.find((report) => report.taskId === taskId));
  }

  /** Settles with the first report of a task's end, whichever it is. */
  async ended(taskId: string): Promise<ReportTaskStatus> {
    return this.found(() => this.reports.find((report) => report.taskId === taskId && isTerminal(report.status.state)));
  }

  /** Settles with the first report of an operation. */
  async operationReported(operationUuid: string): Promise<OperationStatus> {
    return (await this.found(() => this.operations.find((report) => report.operationUuid === operationUuid))).status;
  }

  /** Settles with the first report that is like this. */
  report(isWanted: (report: ReportTaskStatus) => boolean): Promise<ReportTaskStatus> {
    return this.found(() => this.reports.find(isWanted));
  }

  /** Settles with the first detail that is like this. */
  detail(isWanted: (detail: NoteTaskDetail) => boolean): Promise<NoteTaskDetail> {
    return this.found(() => this.details.find(isWanted));
  }

  /** Settles with the wait status of an executor that has ended. */
  async executorEnd(executorId: string): Promise<number> {
    return (await this.found(() => this.executorEnds.find((end) => end.executorId === executorId))).status;
  }

  /** Settles with the first message of an executor, base64. */
  async message(executorId: string): Promise<string> {
    return (await this.found(() => this.messages.find((message) => message.executorId === executorId))).data;
  }

  private async found<T>(find: () => T | undefined): Promise<T> {
    if (find() === undefined) {
      await new Promise<void>((wake) => this.waiting.push({ isThere: () => find() !== undefined, wake }));
    }
    const found = find();
    if (found === undefined) throw new Error('what was waited for is gone');
    return found;
  }

  /** States of a task in the order in which they were reported, repetitions left out. */
  states(taskId: string): string[] {
    return [...new Set(this.reports.filter((report) => report.taskId === taskId).map(({ status }) => status.state))];
  }

  private async take(report: ReportTaskStatus): Promise<void> {
    this.reports.push(report);
    if (!this.acknowledges) return;
    const { agentId, frameworkId, taskId, status } = report;
    await this.bus
      .send(AcknowledgeStatusV1, queueOf('agent', agentId), [{ frameworkId, taskId, uuid: status.uuid ?? '' }])
      // The agent has gone: its journal keeps the update.
      .catch(() => undefined);
  }

  private wakeAll(): void {
    for (const { isThere, wake } of this.waiting) if (isThere()) wake();
  }
}
