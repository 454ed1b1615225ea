import type { ContainerID } from '@tranche/mesos-api';
import type { AgentFramework, AgentState } from '../checkpoint/agent-state.js';
import { containerName } from '../containers/agent-container.js';
import { isStandingAlone, userOfExecutor } from '../executors/agent-executor.js';
import { userOf } from '../tasks/command/command-task.js';

/** Whose a container is, as far as permissions go: that of the executor at its root, or nobody's. */
export type ContainerOwner =
  /** Name of the user of the executor's command, else of its framework. */
  | { readonly kind: 'executor'; readonly user: string }
  /** It was launched by itself. */
  | { readonly kind: 'standalone' }
  /** It is forgotten, or never was. */
  | { readonly kind: 'unknown' };

const UNKNOWN: ContainerOwner = { kind: 'unknown' };

/** Tells as whom containers run, those that have ended too. @source formats §8.2 */
export class ContainerUsers {
  constructor(private readonly state: AgentState) {}

  /** By the name that clients give it. */
  of(id: ContainerID): ContainerOwner {
    const own = this.state.containers.named(containerName(id));
    if (own !== undefined) return this.ofContainer(own.containerId);
    // As calls find it: a task's by its own id alone, whatever it is said to be within. A session is its parent's.
    const known = this.ofContainer(id.value);
    return known.kind === 'unknown' && id.parent !== undefined ? this.of(id.parent) : known;
  }

  /** By the id under which the agent runs it. */
  ofContainer(containerId: string): ContainerOwner {
    const api = this.state.containers.get(containerId);
    if (api !== undefined) return api.parentId === undefined ? { kind: 'standalone' } : this.ofContainer(api.parentId);
    for (const framework of this.state.frameworks) {
      const user = userIn(framework, containerId);
      if (user !== undefined) return { kind: 'executor', user };
    }
    return UNKNOWN;
  }
}

function userIn({ info, tasks, completed, executors }: AgentFramework, containerId: string): string | undefined {
  const all = [...executors.running.values(), ...executors.completed];
  const userOfRun = (runId: string): string | undefined => {
    const executor = all.find((one) => one.containerId === runId);
    return executor === undefined ? undefined : userOfExecutor(executor, info);
  };
  for (const task of [...tasks.values(), ...completed]) {
    if (task.containerId !== containerId) continue;
    if (isStandingAlone(task)) return userOf(task.info, info);
    return userOfRun(task.executorContainerId ?? '') ?? info.user;
  }
  return userOfRun(containerId);
}
