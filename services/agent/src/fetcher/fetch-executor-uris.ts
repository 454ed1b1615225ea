import type { ContainerConfig } from '../containerizer/container.js';
import type { AgentExecutor } from '../executors/agent-executor.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { Fetcher } from './fetcher.js';

/** The step of an executor's launch that fetches its URIs: its process exists and waits. @throws FetchFailedError */
export const fetchExecutorUris =
  (fetcher: Fetcher, live: LiveContainers, launches: Limiter) =>
  async ({ info, containerId }: AgentExecutor, { sandbox, user }: ContainerConfig): Promise<void> => {
    const { uris = [] } = info.command ?? {};
    if (uris.length === 0) return;
    const signal = live.signalOf(containerId);
    const onProgress = (): void => undefined;
    await launches.outside(() =>
      fetcher.fetch({ containerId, uris, sandbox, user, onProgress, ...(signal === undefined ? {} : { signal }) }),
    );
  };
