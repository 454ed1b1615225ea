import type { AgentView, FrameworkView, OfferView, RoleView, TaskView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { ClusterUnreachableError } from '../../cli.errors.js';
import { liveTasks } from '../../names/find-tasks.js';
import { LIVE_FRAMEWORKS } from '../../values/framework-words.js';
import { type ClusterViews, FAILED_STATES } from './summarize.js';

/** Of tasks that failed so many are looked at for those of the last hour. */
const MAX_FAILURES = 1000;

/** Those that the cluster is read from. */
export type Service = 'registry' | 'offers' | 'quota';

/** What could be read. */
export interface ClusterReading {
  views: ClusterViews;
  version: string | undefined;
  /** Services that do not answer: what they would tell is empty in `views`. */
  missing: Service[];
}

/**
 * Reads the whole cluster; a service that is away takes only its own part with it.
 *
 * @throws ClusterUnreachableError when none answers
 */
export async function readCluster({ api }: Pick<CliContext, 'api'>): Promise<ClusterReading> {
  const failures = new Map<Service, ClusterUnreachableError>();
  const of = async <T>(service: Service, answer: Promise<T>): Promise<T | undefined> => {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof ClusterUnreachableError)) throw error;
      failures.set(service, error);
      return undefined;
    }
  };
  const [version, agents, frameworks, offers, live, failed, roles] = await Promise.all([
    of('registry', api.get<{ version: string }>('/version')),
    of('registry', api.list<AgentView>('/v1/agents')),
    of('offers', api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS })),
    of('offers', api.list<OfferView>('/v1/offers')),
    of('offers', liveTasks(api)),
    of('offers', api.list<TaskView>('/v1/tasks', { state: FAILED_STATES }, MAX_FAILURES)),
    of('quota', api.list<RoleView>('/v1/roles')),
  ]);
  const [first] = failures.values();
  if (first !== undefined && [version, agents, frameworks, offers, roles].every((one) => one === undefined))
    throw first;
  const tasks = [...(live ?? []), ...(failed?.items ?? [])];
  const lists = { agents: agents?.items ?? [], frameworks: frameworks?.items ?? [], offers: offers?.items ?? [] };
  return {
    views: { ...lists, roles: roles?.items ?? [], tasks },
    version: version?.version,
    missing: [...failures.keys()],
  };
}
