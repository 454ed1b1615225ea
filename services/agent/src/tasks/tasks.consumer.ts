import { Controller } from '@nestjs/common';
import {
  type AcknowledgeStatus,
  AcknowledgeStatusV1,
  type KillTask as KillTaskCommand,
  KillTaskV1,
  type LaunchTasks,
  LaunchTasksV1,
  type ShutdownFramework as ShutdownFrameworkCommand,
  ShutdownFrameworkV1,
  type UpdateFramework,
  UpdateFrameworkV1,
} from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import { Ledger } from '../checkpoint/ledger.js';
import { Kills } from '../executors/kills.js';
import { LaunchTask } from './launch-task.js';
import { ShutdownFramework } from './shutdown-framework.js';
import { StatusUpdates } from './status-updates.js';

/** What the control plane wants done with tasks. A handler returns when the effect is safe; containers are brought up and ended behind it. */
@Controller()
export class TasksConsumer {
  constructor(
    private readonly ledger: Ledger,
    private readonly launcher: LaunchTask,
    private readonly kills: Kills,
    private readonly frameworks: ShutdownFramework,
    private readonly updates: StatusUpdates,
  ) {}

  @Handles(LaunchTasksV1)
  launch(items: LaunchTasks[], context: MessageContext): Promise<void> {
    return this.launcher.launch(items, context.messageId);
  }

  @Handles(KillTaskV1)
  async kill(items: KillTaskCommand[]): Promise<void> {
    await Promise.all(items.map((item) => this.killOne(item)));
  }

  @Handles(AcknowledgeStatusV1)
  async acknowledge(items: AcknowledgeStatus[]): Promise<void> {
    for (const { frameworkId, taskId, uuid } of items) this.updates.acknowledge(frameworkId, taskId, uuid);
  }

  @Handles(UpdateFrameworkV1)
  async updateFramework(items: UpdateFramework[]): Promise<void> {
    for (const { frameworkId, framework: info } of items) {
      if (this.ledger.state.framework(frameworkId) === undefined) continue;
      this.ledger.note({ kind: 'framework', frameworkId, info });
      this.updates.resume(frameworkId);
    }
  }

  @Handles(ShutdownFrameworkV1)
  async shutdownFramework(items: ShutdownFrameworkCommand[]): Promise<void> {
    await Promise.all(items.map(({ frameworkId }) => this.frameworks.shutdown(frameworkId)));
  }

  private async killOne({ frameworkId, taskId, killPolicy }: KillTaskCommand): Promise<void> {
    const task = this.ledger.state.task(frameworkId, taskId);
    if (task !== undefined) await this.kills.kill(task, 'kill', killPolicy);
  }
}
