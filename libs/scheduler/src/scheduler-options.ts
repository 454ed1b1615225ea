import type { FrameworkInfo } from '@tranche/mesos-api';
import type { Backoff } from './backoff.js';
import type { Clock } from './clock.js';
import type { SubscriptionTerms } from './subscription-terms.js';
import type { WireFormatName } from './wire-format.js';

/** How a scheduler subscribes and behaves. Only `framework` is required; suppressed roles begin without offers. */
export interface SchedulerOptions extends SubscriptionTerms {
  /** The cluster's public address, with or without the path of the scheduler API. Default `http://127.0.0.1:5050`. */
  url?: string;
  /** What the cluster shall know of the framework. With `id` it takes over that framework, from another scheduler too. */
  framework: FrameworkInfo;
  /** HTTP Basic authentication. */
  credential?: { principal: string; secret: string };
  /** Certificates, PEM, by which an `https:` cluster is trusted, instead of the system's. */
  ca?: string | string[];
  /** How calls and events are written; the framework sees the same documents. Default `json`. */
  format?: WireFormatName;
  /** Sent with every request: `traceparent` makes all of it part of one trace. */
  headers?: Readonly<Record<string, string>>;
  /**
   * `auto` (default): an update is acknowledged when the loop asks for the next event, that is, after it was handled. `manual`: the
   * framework calls `acknowledge`; until then the task's next update is held back, and this one is repeated.
   */
  acknowledge?: 'auto' | 'manual';
  /** After a reconnect, ask for the state of every live task until each has been answered. Default true. */
  reconcile?: boolean;
  /** How long to try before the first subscription. 0: one attempt. Default: for ever. */
  firstPatienceMs?: number;
  /**
   * The same when the cluster is there and answers that it cannot now (429, 5xx): a replica may be taking over. Default: `firstPatienceMs`.
   */
  busyPatienceMs?: number;
  /** How long to try after a subscription was lost. 0: not again. Default: for ever. */
  patienceMs?: number;
  /** Time for the cluster to answer, for each request. Default 10,000. */
  responseTimeoutMs?: number;
  backoff?: Backoff;
  clock?: Clock;
  /** In [0, 1). Default `Math.random`. */
  random?: () => number;
}

const API_PATH = '/api/v1/scheduler';

/**
 * The address of the scheduler API.
 *
 * @param url with a path other than `/` it is taken as it is
 * @throws TypeError when it is no URL
 */
export function schedulerUrl(url: string): URL {
  const parsed = new URL(url);
  return parsed.pathname === '/' ? new URL(API_PATH, parsed) : parsed;
}

/** Header of HTTP Basic authentication; none without a credential. */
export function authorization(credential: SchedulerOptions['credential']): Record<string, string> {
  if (!credential) return {};
  const text = Buffer.from(`${credential.principal}:${credential.secret}`).toString('base64');
  return { Authorization: `Basic ${text}` };
}
