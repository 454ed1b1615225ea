import type { ContainerID } from '@tranche/mesos-api';
import type { AgentState } from '../checkpoint/agent-state.js';
import { isNestedTask, userOfExecutor } from '../executors/agent-executor.js';
import type { AgentPaths } from '../paths.js';
import { userOfNested } from '../pods/nested-config.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { userOf } from '../tasks/command/command-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { containerName } from './agent-container.js';

/** A living container that others can be launched in. */
export interface ParentContainer {
  readonly containerId: string;
  /** Host path. */
  readonly sandbox: string;
  /** Name of the user that it runs as. */
  readonly user: string;
  /** Whether a client of the agent API launched it too. */
  readonly isApiContainer: boolean;
}

/** Finds what others can be launched in: containers of command tasks, of executors, of tasks of groups, and of the agent API itself. */
export class ParentContainers {
  /** @param everybody name of the user that all run as, where users are not switched */
  constructor(
    private readonly state: AgentState,
    private readonly live: LiveContainers,
    private readonly paths: AgentPaths,
    private readonly everybody: string | undefined,
  ) {}

  /** @returns undefined for one that is not there, or does not run */
  find(id: ContainerID): ParentContainer | undefined {
    const found = this.ofApi(id) ?? this.ofExecutor(id) ?? this.ofTask(id);
    if (found === undefined || this.live.phaseOf(found.containerId) !== 'running') return undefined;
    return { ...found, user: this.everybody ?? found.user };
  }

  private ofApi(id: ContainerID): ParentContainer | undefined {
    const container = this.state.containers.named(containerName(id));
    if (container === undefined || container.end !== undefined) return undefined;
    const { containerId, sandbox, user } = container;
    return { containerId, sandbox, user, isApiContainer: true };
  }

  private ofExecutor({ value, parent }: ContainerID): ParentContainer | undefined {
    if (parent !== undefined) return undefined;
    for (const executor of this.state.executors()) {
      const { frameworkId, executorId, containerId } = executor;
      if (containerId !== value) continue;
      const framework = this.state.framework(frameworkId);
      if (framework === undefined) return undefined;
      const sandbox = this.paths.sandbox({ ...this.run, frameworkId, executorId, containerId });
      return { containerId, sandbox, user: userOfExecutor(executor, framework.info), isApiContainer: false };
    }
    return undefined;
  }

  /** By its own id alone, which is a UUID. */
  private ofTask({ value }: ContainerID): ParentContainer | undefined {
    for (const task of this.state.tasks()) if (task.containerId === value) return this.parentOf(task);
    return undefined;
  }

  private parentOf(task: AgentTask): ParentContainer | undefined {
    const { frameworkId, taskId, executorId = taskId, containerId, executorContainerId = containerId } = task;
    const framework = this.state.framework(frameworkId)?.info;
    if (framework === undefined) return undefined;
    const run = { ...this.run, frameworkId, executorId, containerId: executorContainerId };
    const base = { containerId, isApiContainer: false };
    if (!isNestedTask(task)) return { ...base, sandbox: this.paths.sandbox(run), user: userOf(task.info, framework) };
    const executor = this.state.executor(frameworkId, executorId);
    if (executor === undefined) return undefined;
    const sandbox = this.paths.nestedSandbox({ ...run, nestedId: containerId });
    return { ...base, sandbox, user: userOfNested(task, executor, framework) };
  }

  private get run(): { readonly agentId: string } {
    return { agentId: this.state.agentId ?? '' };
  }
}
