import { Controller, Inject } from '@nestjs/common';
import {
  type NoteTaskDetail,
  NoteTaskDetailV1,
  type NoteTaskStatus,
  NoteTaskStatusV1,
  type ReportTaskStatus,
  ReportTaskStatusV1,
} from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import type { MesosCounts } from '../metrics/mesos-counts.js';
import type { OffersContext } from '../offers-context.js';
import { MESOS_COUNTS, OFFERS_CONTEXT } from '../tokens.js';
import { inUpdateSpan } from './task-trace.js';
import { noteDetail, noteStatus, updateTask } from './update-task.js';

/** Status updates of the agents. */
@Controller()
export class TasksConsumer {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(MESOS_COUNTS) private readonly counts: MesosCounts,
  ) {}

  @Handles(ReportTaskStatusV1)
  async taskStatuses(items: ReportTaskStatus[], { source, sequence }: MessageContext): Promise<void> {
    const heard = { source, sequence };
    for (const item of items) {
      const task = this.context.state.tasks.get(item.frameworkId, item.taskId);
      inUpdateSpan(item, task, () => this.counts.told('status_update', updateTask(this.context, item, heard)));
    }
  }

  @Handles(NoteTaskStatusV1)
  async newestStatuses(items: NoteTaskStatus[]): Promise<void> {
    for (const item of items) noteStatus(this.context, item);
  }

  @Handles(NoteTaskDetailV1)
  async details(items: NoteTaskDetail[]): Promise<void> {
    for (const item of items) noteDetail(this.context, item);
  }
}
