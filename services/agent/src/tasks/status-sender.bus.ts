import { NoteTaskStatusV1, queueOf, ReportTaskStatusV1 } from '@tranche/contracts';
import type { TaskStatus } from '@tranche/mesos-api';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { AgentTask } from './agent-task.js';
import type { UpdateSender } from './status-updates.js';
import { inTaskTrace } from './task-trace.js';

/** Sends updates to the service that holds the frameworks' streams. The bus joins those of one turn. */
export class BusStatusSender implements UpdateSender {
  constructor(
    private readonly bus: MessageBus,
    private readonly logger: Logger,
  ) {}

  send(task: AgentTask, status: TaskStatus): void {
    const { frameworkId, taskId, traceId } = task;
    const item = { agentId: status.agent_id?.value ?? '', frameworkId, taskId, status, traceId };
    inTaskTrace(task, () => {
      this.bus.send(ReportTaskStatusV1, queueOf('offers'), [item]).catch((error: unknown) => {
        this.logger.warn('status update was not taken, will be sent again', { taskId, state: status.state, error });
      });
    });
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
