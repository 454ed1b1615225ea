import type { AgentIngredients } from './compose-agent.js';
import { FetchTaskUris } from './fetcher/fetch-task-uris.js';
import { Limiter } from './tasks/limiter.js';
import type { LiveContainers } from './tasks/live-containers.js';
import { TaskDetails } from './tasks/task-details.js';
import { sendDetailBy } from './tasks/task-details.bus.js';

/** What accompanies tasks: what they need before they run, and what is told of them beside their statuses. */
export interface TaskCare {
  readonly launches: Limiter;
  readonly details: TaskDetails;
  readonly uris: FetchTaskUris;
}

export function composeTaskCare(
  { config, host, state, clock, fetcher }: AgentIngredients,
  live: LiveContainers,
): TaskCare {
  const launches = new Limiter(config.launchConcurrency);
  const details = new TaskDetails(() => state.agentId ?? '', clock, sendDetailBy(host.bus, host.logger));
  return { launches, details, uris: new FetchTaskUris(fetcher, live, launches, details) };
}
