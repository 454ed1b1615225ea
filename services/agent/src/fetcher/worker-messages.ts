import type { FetchItem } from './fetch-item.js';
import type { Downloaded, DownloadLimits, DownloadProgress } from './fetch-worker.port.js';

/** Ids that the worker takes on before it does anything; absent when it keeps those of the agent. */
export interface WorkerUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** Work for the process of a fetch, as it goes through the channel between it and the agent. JSON-safe. */
export type WorkerRequest =
  | { readonly kind: 'become'; readonly user: WorkerUser }
  | { readonly kind: 'size'; readonly source: FetchItem['source']; readonly limits: DownloadLimits }
  | {
      readonly kind: 'download';
      readonly source: FetchItem['source'];
      readonly file: string;
      readonly limits: DownloadLimits;
    }
  | { readonly kind: 'check'; readonly file: string; readonly expected: Downloaded }
  | {
      readonly kind: 'place';
      readonly file: string;
      readonly item: FetchItem;
      readonly sandbox: string;
      readonly limits: DownloadLimits;
    }
  | { readonly kind: 'note'; readonly sandbox: string; readonly line: string };

export interface NumberedRequest {
  readonly id: number;
  readonly request: WorkerRequest;
}

export type WorkerAnswer =
  | { readonly id: number; readonly progress: DownloadProgress }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string };
