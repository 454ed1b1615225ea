import { NoteTaskStatusV1, queueOf, ReportTaskStatusV1 } from '@tranche/contracts';
import type { TaskStatus } from '@tranche/mesos-api';
import type { MessageBus } from '@tranche/messaging';
import { ATTRIBUTE, type Logger, SPAN, type StoredTrace } from '@tranche/telemetry';
import type { AgentTask } from './agent-task.js';
import type { UpdateSender } from './status-updates.js';
import { inTaskTrace, noteOfTask } from './task-trace.js';

/** Of so many tasks it is remembered which update was sent last, to tell a repetition. */
const MAX_REMEMBERED = 10_000;

const storedOf = ({ traceId, traceparent }: AgentTask): StoredTrace =>
  traceparent === undefined ? { traceId } : { traceId, traceparent };

/** Sends updates to the service that holds the frameworks' streams. The bus joins those of one turn. */
export class BusStatusSender implements UpdateSender {
  /** By container, oldest first. */
  private readonly lastSent = new Map<string, { readonly uuid: string; readonly resends: number }>();

  constructor(
    private readonly bus: MessageBus,
    private readonly logger: Logger,
  ) {}

  send(task: AgentTask, status: TaskStatus): void {
    const { frameworkId, taskId } = task;
    const item = { agentId: status.agent_id?.value ?? '', frameworkId, taskId, status, ...storedOf(task) };
    this.noteResend(task, status);
    inTaskTrace(task, () => {
      this.bus.send(ReportTaskStatusV1, queueOf('offers'), [item]).catch((error: unknown) => {
        this.logger.warn('status update was not taken, will be sent again', { taskId, state: status.state, error });
      });
    });
  }

  /** An update that goes out again is a row of its own in the task's trace. */
  private noteResend(task: AgentTask, { uuid = '', state }: TaskStatus): void {
    const known = this.lastSent.get(task.containerId);
    const resends = known?.uuid === uuid ? known.resends + 1 : 0;
    this.lastSent.set(task.containerId, { uuid, resends });
    if (resends > 0) noteOfTask(SPAN.resend, task, { [ATTRIBUTE.resends]: resends, [ATTRIBUTE.state]: state ?? '' });
    const [oldest] = this.lastSent.keys();
    if (this.lastSent.size > MAX_REMEMBERED && oldest !== undefined) this.lastSent.delete(oldest);
  }

  note(task: AgentTask, status: TaskStatus): void {
    const { frameworkId, taskId } = task;
    const item = { agentId: status.agent_id?.value ?? '', frameworkId, taskId, status };
    inTaskTrace(task, () => {
      this.bus.send(NoteTaskStatusV1, queueOf('offers'), [item]).catch((error: unknown) => {
        this.logger.warn('newest status was not taken', { taskId, state: status.state, error });
      });
    });
  }
}
