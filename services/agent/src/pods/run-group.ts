import type { AgentTask } from '../tasks/agent-task.js';
import type { Limiter } from '../tasks/limiter.js';
import type { RunContainer } from '../tasks/run-container.js';
import { inTaskTrace } from '../tasks/task-trace.js';

/** Brings up the containers of a group: none of its processes begins before all of them are there. */
export class RunGroup {
  /** @param launches bounds how many containers are brought up at a time */
  constructor(
    private readonly containers: RunContainer,
    private readonly launches: Limiter,
  ) {}

  /** @returns when every task runs or has a terminal status. @throws CheckpointFailedError */
  async run(tasks: readonly AgentTask[]): Promise<void> {
    await Promise.all(
      tasks.map((task) => this.launches.run(() => inTaskTrace(task, () => this.containers.prepare(task)))),
    );
    // One that could not be made has ended its group by now: those that are there are taken away again.
    await Promise.resolve();
    await Promise.all(tasks.map((task) => inTaskTrace(task, () => this.containers.begin(task))));
  }
}
