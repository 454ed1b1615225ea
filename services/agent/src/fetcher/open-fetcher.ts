import { rmSync } from 'node:fs';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig } from '../agent.config.js';
import { SYSTEM_PATH } from '../containerizer/processes/system-path.js';
import { UserDirectory } from '../containerizer/processes/user.js';
import type { AgentPaths } from '../paths.js';
import { UnknownUserError } from '../sandbox/sandboxes.fs.js';
import { FetchCache } from './cache/fetch-cache.js';
import type { DownloadLimits } from './fetch-worker.port.js';
import { Fetcher } from './fetcher.js';
import { ProcessFetchWorker } from './process.fetch-worker.js';
import type { WorkerUser } from './worker-messages.js';

/** Of the URI's last part, as much is kept in the name of a cached file. */
const MAX_NAME = 40;

export interface OpenFetcherOptions {
  readonly limits: DownloadLimits;
  readonly frameworksHome?: string;
  /** Folder of the cache. It is emptied: what is in it was kept by an agent that has ended. */
  readonly cacheFolder: string;
  readonly cacheBytes: number;
  /** Finds the ids of a user; undefined: everything is done with the rights of the agent. @throws when there is none */
  readonly idsOf?: (user: string) => WorkerUser;
}

const BYTES_PER_MB = 1024 * 1024;

/** The fetcher that the agent's options ask for. */
export function openAgentFetcher(config: AgentConfig, paths: AgentPaths): Promise<Fetcher> {
  const { fetcherStallTimeoutMs, fetcherMaxSizeMb, fetcherCacheSizeMb, frameworksHome } = config;
  const users = new UserDirectory();
  const idsOf = (name: string): WorkerUser => {
    const user = users.resolve(name);
    if (user === undefined) throw new UnknownUserError(name);
    return { uid: user.uid, gid: user.gid, groups: [user.gid, ...user.additionalGids] };
  };
  // Without root nobody else's rights can be taken on: tasks then run as the agent's own user.
  const switchUser = config.switchUser && process.getuid?.() === 0;
  return openFetcher({
    limits: {
      stallTimeoutMs: fetcherStallTimeoutMs,
      maxBytes: fetcherMaxSizeMb === 0 ? Number.POSITIVE_INFINITY : fetcherMaxSizeMb * BYTES_PER_MB,
    },
    ...(frameworksHome === undefined ? {} : { frameworksHome }),
    cacheFolder: paths.fetched,
    cacheBytes: fetcherCacheSizeMb * BYTES_PER_MB,
    ...(switchUser ? { idsOf } : {}),
  });
}

/** The agent's fetcher, over processes and its disk. @source Mesos 1.11: the cache is emptied at start */
export async function openFetcher(options: OpenFetcherOptions): Promise<Fetcher> {
  const { limits, frameworksHome, cacheFolder, cacheBytes, idsOf } = options;
  await rm(cacheFolder, { recursive: true, force: true });
  const cache = new FetchCache({
    capacityBytes: cacheBytes,
    pathFor: async (user, serial, uri) => {
      const folder = join(cacheFolder, encodeURIComponent(user));
      await mkdir(cacheFolder, { recursive: true, mode: 0o755 });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const ids = idsOf?.(user);
      if (ids !== undefined) await chown(folder, ids.uid, ids.gid);
      return join(folder, `c${serial}-${shortName(uri)}`);
    },
    remove: (file) => rmSync(file, { force: true }),
  });
  return new Fetcher({
    limits,
    ...(frameworksHome === undefined ? {} : { frameworksHome }),
    workerFor: async (user, sandbox) => ProcessFetchWorker.start(idsOf?.(user), sandbox, SYSTEM_PATH),
    cache,
  });
}

const shortName = (uri: string): string => (uri.split('/').at(-1) ?? '').replaceAll(/[^\w.-]/gu, '_').slice(-MAX_NAME);
