import type { ContainerConfig } from '../containerizer/container.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { TaskDetails } from '../tasks/details/task-details.js';
import type { Fetcher } from './fetcher.js';

/**
 * The step of a command task's launch that fetches its URIs: its process exists and waits.
 *
 * It gives its place among the launches to others meanwhile: a slow server must not keep tasks from starting that need nothing of it.
 */
export class FetchTaskUris {
  constructor(
    private readonly fetcher: Fetcher,
    private readonly live: LiveContainers,
    private readonly launches: Limiter,
    private readonly details: TaskDetails,
  ) {}

  /** @throws FetchFailedError, also when the task is killed meanwhile */
  async fetch(task: AgentTask, { sandbox, user }: ContainerConfig): Promise<void> {
    const { uris = [] } = task.info.command ?? {};
    if (uris.length === 0) return;
    const { containerId } = task;
    const signal = this.live.signalOf(containerId);
    const onProgress = (percent: number): void => this.details.progress(task, 'fetching', percent);
    try {
      await this.launches.outside(() =>
        this.fetcher.fetch({
          containerId,
          uris,
          sandbox,
          user,
          onProgress,
          ...(signal === undefined ? {} : { signal }),
        }),
      );
    } finally {
      this.details.settled(task);
    }
  }
}
