import { Controller } from '@nestjs/common';
import {
  type DeliverMessage,
  DeliverMessageV1,
  type LaunchTaskGroups,
  LaunchTaskGroupsV1,
  type ShutdownExecutor as ShutdownExecutorCommand,
  ShutdownExecutorV1,
} from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import { Ledger } from '../checkpoint/ledger.js';
import { inTaskTrace } from '../tasks/task-trace.js';
import { ExecutorMessages } from './executor-messages.js';
import { LaunchOnExecutor } from './launch-on-executor.js';
import { ShutdownExecutor } from './shutdown-executor.js';

/** What the control plane wants done with executors and task groups. */
@Controller()
export class ExecutorsConsumer {
  constructor(
    private readonly ledger: Ledger,
    private readonly launcher: LaunchOnExecutor,
    private readonly messages: ExecutorMessages,
    private readonly shutdowns: ShutdownExecutor,
  ) {}

  @Handles(LaunchTaskGroupsV1)
  async launch(items: LaunchTaskGroups[], { messageId }: MessageContext): Promise<void> {
    await Promise.all(
      items.map((item) =>
        inTaskTrace(item, () =>
          this.launcher.launch({ ...item, tasks: item.taskGroup.tasks ?? [], isGroup: true }, messageId),
        ),
      ),
    );
  }

  @Handles(DeliverMessageV1)
  async deliverMessage(items: DeliverMessage[]): Promise<void> {
    for (const { frameworkId, executorId, data } of items) this.messages.toExecutor(frameworkId, executorId, data);
  }

  @Handles(ShutdownExecutorV1)
  async shutdown(items: ShutdownExecutorCommand[]): Promise<void> {
    const known = items.flatMap(
      ({ frameworkId, executorId }) => this.ledger.state.executor(frameworkId, executorId) ?? [],
    );
    await Promise.all(known.map((executor) => this.shutdowns.shutdown(executor, 'asked')));
  }
}
