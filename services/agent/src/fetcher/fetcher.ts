import { join } from 'node:path';
import type { CommandInfoURI } from '@tranche/mesos-api';
import { ATTRIBUTE, inHttpClientSpan, inSpan, SPAN, targetOf } from '@tranche/telemetry';
import type { FetchCache } from './cache/fetch-cache.js';
import { type FetchItem, type FetchSource, parseItem } from './fetch-item.js';
import type { DownloadLimits, DownloadProgress, FetchWorker } from './fetch-worker.port.js';
import { FetchError, FetchFailedError, messageOf } from './fetcher.errors.js';

export interface FetchRequest {
  readonly containerId: string;
  readonly uris: readonly CommandInfoURI[];
  /** Host path; exists and belongs to the user. */
  readonly sandbox: string;
  /** Name of the user with whose rights everything is done. */
  readonly user: string;
  /** Ends the fetch: the container is not wanted any more. */
  readonly signal?: AbortSignal;
  /** Told whenever the whole percentage has grown. */
  readonly onProgress?: (percent: number) => void;
}

export interface FetcherOptions {
  readonly limits: DownloadLimits;
  /** Where relative paths begin. */
  readonly frameworksHome?: string;
  /** Starts a worker with the rights of a user for a sandbox. @throws when there is no such user */
  readonly workerFor: (user: string, sandbox: string) => Promise<FetchWorker>;
  readonly cache: FetchCache;
}

/** How many containers' fetches went well and badly since the agent's start. */
export interface FetchCounts {
  succeeded: number;
  failed: number;
}

/**
 * Brings the files that a command names into its sandbox, one after the other, before the command runs.
 *
 * Tasks, tasks of groups and custom executors are all served by it.
 *
 * @source Mesos 1.11: fetcher
 */
export class Fetcher {
  readonly counts: FetchCounts = { succeeded: 0, failed: 0 };

  constructor(private readonly options: FetcherOptions) {}

  /** Figures of the cache for metrics. */
  get cache(): Pick<FetchCache, 'capacityBytes' | 'usedBytes'> {
    return this.options.cache;
  }

  /** @throws FetchFailedError naming the URI and its fault; also when the fetch was ended by its signal */
  async fetch(request: FetchRequest): Promise<void> {
    const { uris, containerId, signal } = request;
    if (uris.length === 0) return;
    try {
      signal?.throwIfAborted();
      const items = uris.map((uri) => this.parse(uri));
      const worker = await this.options.workerFor(request.user, request.sandbox);
      const abort = (): void => worker.close();
      signal?.addEventListener('abort', abort, { once: true });
      try {
        await this.fetchAll(items, request, worker);
      } finally {
        signal?.removeEventListener('abort', abort);
        worker.close();
      }
      this.counts.succeeded += 1;
    } catch (error) {
      this.counts.failed += 1;
      const fault = signal?.aborted === true ? 'the container is not wanted any more' : messageOf(error);
      throw new FetchFailedError(containerId, fault, { cause: error });
    }
  }

  private parse(uri: CommandInfoURI): FetchItem {
    const parsed = parseItem(uri, this.options.frameworksHome);
    if (!parsed.ok) throw new FetchError(uri.value, parsed.fault);
    return parsed.item;
  }

  private async fetchAll(items: readonly FetchItem[], request: FetchRequest, worker: FetchWorker): Promise<void> {
    const report = growing(request.onProgress ?? (() => undefined));
    report(0);
    for (const [index, item] of items.entries()) {
      request.signal?.throwIfAborted();
      const onProgress = ({ doneBytes, totalBytes }: DownloadProgress): void => {
        if (totalBytes !== undefined && totalBytes > 0) report((index + doneBytes / totalBytes) / items.length);
      };
      // The URI itself may hold a password.
      const span = { attributes: { [ATTRIBUTE.detail]: item.isCached ? `${item.name}, by the cache` : item.name } };
      try {
        await inSpan(SPAN.fetch, span, () => this.fetchOne(item, request, worker, onProgress));
      } catch (error) {
        const failure = new FetchError(item.uri, messageOf(error), { cause: error });
        await worker.note(request.sandbox, `Failed to fetch ${failure.message}`).catch(() => undefined);
        throw failure;
      }
      await worker.note(request.sandbox, `Fetched '${item.uri}'`);
      report((index + 1) / items.length);
    }
  }

  private async fetchOne(
    item: FetchItem,
    request: FetchRequest,
    worker: FetchWorker,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<void> {
    const { limits } = this.options;
    const cached = item.isCached ? await this.cached(item, request.user, worker, onProgress) : undefined;
    if (cached !== undefined) {
      try {
        checkDigest(item, cached.sha256);
        return await worker.place(cached.file, item, request.sandbox, limits);
      } finally {
        cached.release();
      }
    }
    const target = join(request.sandbox, item.name);
    const { sha256 } = await traced('GET', item.source, (source) =>
      worker.download(source, target, limits, onProgress),
    );
    checkDigest(item, sha256);
    return worker.place(target, item, request.sandbox, limits);
  }

  private cached(
    item: FetchItem,
    user: string,
    worker: FetchWorker,
    onProgress: (progress: DownloadProgress) => void,
  ): ReturnType<FetchCache['obtain']> {
    const { cache, limits } = this.options;
    return cache.obtain(user, item.uri, {
      sizeOf: () => traced('HEAD', item.source, (source) => worker.sizeOf(source, limits)),
      isIntact: (file, expected) => worker.isIntact(file, expected),
      download: (file) => traced('GET', item.source, (source) => worker.download(source, file, limits, onProgress)),
    });
  }
}

/** A request to a server is a span until its bytes are there: the worker that makes it keeps none. */
const traced = <T>(method: string, source: FetchSource, run: (source: FetchSource) => Promise<T>): Promise<T> =>
  source.kind === 'file'
    ? run(source)
    : inHttpClientSpan(method, targetOf(source.url), ({ headers }) => run({ ...source, ...headers }));

function checkDigest({ sha256 }: FetchItem, actual: string): void {
  if (sha256 !== undefined && sha256 !== actual) throw new Error(`its sha256 is ${actual}, not ${sha256}`);
}

/** Passes on whole percentages, each once and never a smaller one. */
function growing(report: (percent: number) => void): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    const percent = Math.floor(fraction * 100);
    if (percent <= last) return;
    last = percent;
    report(percent);
  };
}
