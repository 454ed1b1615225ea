import { ownUserName } from '@tranche/http';
import type { AgentIngredients } from './compose-agent.js';
import type { Ledger } from './checkpoint/ledger.js';
import { EndContainer } from './containers/end-container.js';
import { LaunchContainer } from './containers/launch-container.js';
import { ParentContainers } from './containers/parent-containers.js';
import { RecoverContainers } from './containers/recover-containers.js';
import { LogVerbosity } from '@tranche/telemetry';
import type { ProvideImages } from './images/provide-images.js';
import { ApiContainerList } from './http/api-container-list.js';
import type { AgentLifecycle } from './registration/agent-lifecycle.js';
import type { Sandboxes } from './sandbox/sandboxes.port.js';
import { FetchSessionUris } from './sessions/fetch-session-uris.js';
import { Sessions } from './sessions/sessions.js';
import type { Limiter } from './tasks/limiter.js';
import type { LiveContainers } from './tasks/live-containers.js';
import type { RunContainerOptions } from './tasks/run-container.js';

/** What of the agent its API's containers are joined to. */
export interface ContainerSurroundings {
  readonly ledger: Ledger;
  readonly live: LiveContainers;
  readonly cleanups: Limiter;
  readonly launches: Limiter;
  readonly provideImages: ProvideImages;
  readonly lifecycle: AgentLifecycle;
  readonly sandboxes: Sandboxes;
  readonly options: RunContainerOptions;
}

/** Joins what runs the containers of the agent API's, and what its calls need of them. */
export function composeContainers(made: AgentIngredients, around: ContainerSurroundings) {
  const { state, containerizer, paths, fetcher, clock, ids, host } = made;
  const { ledger, live, lifecycle, options } = around;
  const { logger } = host;
  const sessions = new Sessions(containerizer, ids);
  const uris = new FetchSessionUris(around.sandboxes, fetcher);
  const parents = new ParentContainers(state, live, paths, options.switchUser ? undefined : ownUserName());
  const ends = new EndContainer({ ...around, containerizer, logger });
  const launcher = new LaunchContainer({
    ...around,
    ...{ containerizer, paths, parents, ends, fetcher, clock, ids, logger },
    counts: made.counters.counts,
    isStopping: () => lifecycle.isStopping,
  });
  const remove = (containerId: string): Promise<void> => containerizer.remove(containerId);
  return {
    ends,
    recovery: new RecoverContainers(ledger, ends, remove, logger),
    calls: {
      ...{ sessions, uris, parents, ends, launcher, live, containerizer },
      book: state.containers,
      typing: new Set<string>(),
      verbosity: new LogVerbosity(logger, clock),
      apiContainers: new ApiContainerList(state.containers, sessions, containerizer, clock, logger),
    },
  };
}
