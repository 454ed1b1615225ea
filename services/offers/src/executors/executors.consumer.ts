import { Controller, Inject } from '@nestjs/common';
import { type ForwardMessage, ForwardMessageV1, type ReportExecutorEnd, ReportExecutorEndV1 } from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import type { MesosCounts } from '../metrics/mesos-counts.js';
import type { OffersContext } from '../offers-context.js';
import { RecentMessages } from '../recent-messages.js';
import { MESOS_COUNTS, OFFERS_CONTEXT } from '../tokens.js';
import { endExecutor, forwardMessage } from './hear-executor.js';

/** What agents say of executors. */
@Controller()
export class ExecutorsConsumer {
  private readonly recent = new RecentMessages();

  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(MESOS_COUNTS) private readonly counts: MesosCounts,
  ) {}

  @Handles(ForwardMessageV1)
  async messages(items: ForwardMessage[], { messageId }: MessageContext): Promise<void> {
    // A message that the broker brings twice was sent once.
    if (this.recent.isRepeated(messageId)) return;
    for (const item of items) this.counts.told('executor_to_framework', forwardMessage(this.context, item));
  }

  @Handles(ReportExecutorEndV1)
  async executorsEnded(items: ReportExecutorEnd[], { messageId }: MessageContext): Promise<void> {
    if (this.recent.isRepeated(messageId)) return;
    for (const item of items) {
      endExecutor(this.context, item);
      this.counts.told('exited_executor');
    }
  }
}
