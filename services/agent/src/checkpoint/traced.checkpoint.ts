import { ATTRIBUTE, endedBy, SPAN, type Span, type Tracer } from '@tranche/telemetry';
import { traceOfTask } from '../tasks/task-trace.js';
import type { AgentState } from './agent-state.js';
import type { CheckpointStore } from './checkpoint.port.js';
import type { CheckpointRecord } from './record.js';

/** Shows in a task's trace how long it took until the task, and each of its statuses, was on disk. */
export class TracedCheckpoint implements CheckpointStore {
  constructor(
    private readonly store: CheckpointStore,
    private readonly state: Pick<AgentState, 'task'>,
    private readonly tracer: Tracer,
  ) {}

  get shortage(): string | undefined {
    return this.store.shortage;
  }

  append(records: readonly CheckpointRecord[]): Promise<void> {
    const written = this.store.append(records);
    if (!this.tracer.isOn) return written;
    return records.reduce((wait, record) => {
      const span = this.begin(record);
      return span === undefined ? wait : endedBy(span, () => wait);
    }, written);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private begin(record: CheckpointRecord): Span | undefined {
    if (record.kind === 'task') {
      const { taskId, frameworkId } = record.launch;
      return this.tracer.begin(SPAN.checkpointTask, traceOfTask(record.launch), {
        attributes: { [ATTRIBUTE.taskId]: taskId, [ATTRIBUTE.frameworkId]: frameworkId },
      });
    }
    if (record.kind !== 'status') return undefined;
    const { frameworkId, taskId, status } = record;
    const task = this.state.task(frameworkId, taskId);
    if (task === undefined) return undefined;
    return this.tracer.begin(SPAN.checkpointStatus, traceOfTask(task), {
      attributes: {
        [ATTRIBUTE.taskId]: taskId,
        [ATTRIBUTE.frameworkId]: frameworkId,
        [ATTRIBUTE.state]: status.state ?? '',
        ...(status.reason === undefined ? {} : { [ATTRIBUTE.reason]: status.reason }),
        ...(status.message === undefined || status.message === '' ? {} : { [ATTRIBUTE.detail]: status.message }),
      },
    });
  }
}
