import { type DynamicModule, Module } from '@nestjs/common';
import { LogVerbosity } from '@tranche/telemetry';
import { Ledger } from './checkpoint/ledger.js';
import type { AgentParts } from './compose-agent.js';
import { ContainerizerCalls } from './containerizer/containerizer-calls.js';
import { DrainAgent } from './draining/drain-agent.js';
import { DrainingConsumer } from './draining/draining.consumer.js';
import { AGENT_CALLS, AgentCallsController } from './http/agent-calls/agent-calls.controller.js';
import { AgentApiController } from './http/agent-api.controller.js';
import { AgentViews } from './http/agent-views.js';
import { ApiContainerList } from './http/api-container-list.js';
import { ContainersApiController } from './http/containers-api.controller.js';
import { ContainerList } from './http/container-list.js';
import { ContainerUsers } from './http/container-users.js';
import { ImageList } from './http/image-list.js';
import { ImagesApiController } from './http/images-api.controller.js';
import { ExecutorLinks } from './executors/executor-links.js';
import { ExecutorMessages } from './executors/executor-messages.js';
import { ExecutorsConsumer } from './executors/executors.consumer.js';
import { LaunchOnExecutor } from './executors/launch-on-executor.js';
import { RecoverExecutors } from './executors/recover-executors.js';
import { ShutdownExecutor } from './executors/shutdown-executor.js';
import { SubscribeExecutor } from './executors/subscribe-executor.js';
import { TakeUpdate } from './executors/take-update.js';
import { ExecutorApiController } from './http/executor-api/executor-api.controller.js';
import { FilesController } from './http/files.controller.js';
import { FollowController } from './http/follow.controller.js';
import { MonitorController } from './http/monitor.controller.js';
import { ApplyOperations } from './operations/apply-operations.js';
import { OperationUpdates } from './operations/operation-updates.js';
import { OperationsConsumer } from './operations/operations.consumer.js';
import { RegistrationConsumer } from './registration/registration.consumer.js';
import { Rejoin } from './registration/rejoin.js';
import { OutputTimes } from './sandbox/output-times.js';
import { SandboxFiles } from './sandbox/sandbox-files.js';
import { Kills } from './executors/kills.js';
import { LaunchTask } from './tasks/launch-task.js';
import { LiveContainers } from './tasks/live-containers.js';
import { ShutdownFramework } from './tasks/shutdown-framework.js';
import { StatusUpdates } from './tasks/status-updates.js';
import { TasksConsumer } from './tasks/tasks.consumer.js';

/** What messages and requests reach. The parts are joined in `compose-agent.ts`, which knows nothing of Nest. */
@Module({})
export class AgentModule {
  static with(parts: AgentParts): DynamicModule {
    return {
      module: AgentModule,
      controllers: [
        TasksConsumer,
        OperationsConsumer,
        ExecutorsConsumer,
        ExecutorApiController,
        RegistrationConsumer,
        DrainingConsumer,
        AgentApiController,
        AgentCallsController,
        MonitorController,
        ContainersApiController,
        ImagesApiController,
        FilesController,
        FollowController,
      ],
      providers: [
        { provide: Ledger, useValue: parts.ledger },
        { provide: LaunchTask, useValue: parts.launcher },
        { provide: Kills, useValue: parts.executors.kills },
        { provide: LaunchOnExecutor, useValue: parts.executors.launcher },
        { provide: ExecutorLinks, useValue: parts.executors.links },
        { provide: ShutdownExecutor, useValue: parts.executors.shutdowns },
        { provide: SubscribeExecutor, useValue: parts.executors.subscriptions },
        { provide: TakeUpdate, useValue: parts.executors.taker },
        { provide: ExecutorMessages, useValue: parts.executors.messages },
        { provide: RecoverExecutors, useValue: parts.executors.recovery },
        { provide: ShutdownFramework, useValue: parts.frameworks },
        { provide: StatusUpdates, useValue: parts.updates },
        { provide: ApplyOperations, useValue: parts.operations },
        { provide: OperationUpdates, useValue: parts.operationUpdates },
        { provide: DrainAgent, useValue: parts.drain },
        { provide: Rejoin, useValue: parts.rejoin },
        { provide: LiveContainers, useValue: parts.live },
        { provide: SandboxFiles, useValue: parts.files },
        { provide: OutputTimes, useValue: parts.outputs },
        { provide: ContainerizerCalls, useValue: parts.containerizerCalls },
        { provide: AgentViews, useValue: parts.views },
        { provide: ContainerList, useValue: parts.containers },
        { provide: ContainerUsers, useValue: parts.users },
        { provide: ImageList, useValue: parts.images },
        { provide: ApiContainerList, useValue: parts.calls.apiContainers },
        { provide: LogVerbosity, useValue: parts.calls.verbosity },
        { provide: AGENT_CALLS, useValue: parts.calls },
      ],
    };
  }
}
