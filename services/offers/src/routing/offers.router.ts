import { gunzipSync } from 'node:zlib';
import {
  canonicalUrl,
  type ListKind,
  type ListQuery,
  ListRequest,
  LISTS,
  type Place,
  sourceOf,
  SseStream,
  streamPages,
  wantsStream,
} from '@tranche/http';
import { decodeBody, messageTypes, requestMediaType } from '@tranche/mesos-api';
import type { AskedRequest, Route, Router } from '@tranche/messaging';
import type { FrameworkView, OfferView, OperationView, Page, TaskView } from '@tranche/contracts';
import { mergeFrameworks, mergeTasks } from './merge-classic.js';

const DEFAULT_TASK_LIMIT = 100;
/** As the application reads. */
const MAX_BODY_BYTES = 64 << 20;

/** Where items are in the lists of `/v1`, as their controllers place them. */
const PLACES: Readonly<Record<string, (item: never) => Place>> = {
  frameworks: ({ id, registeredAt }: FrameworkView) => ({ rank: -Date.parse(registeredAt), key: id }),
  offers: ({ id, madeAt }: OfferView) => ({ rank: Date.parse(madeAt), key: id }),
  tasks: ({ id, frameworkId, launchedAt }: TaskView) => ({
    rank: -Date.parse(launchedAt),
    key: `${frameworkId}/${id}`,
  }),
  operations: ({ id, acceptedAt }: OperationView) => ({ rank: Date.parse(acceptedAt), key: id }),
};

/**
 * Which partition of this service answers a request.
 *
 * Ids of frameworks, offers and event streams tell their owner. A framework that is new goes to any partition, which gives it an id of its
 * own. Lists are put together from all.
 */
export const offersRouter: Router = {
  byHead: ({ method, url, headers }) => {
    const { path, query } = parsed(url);
    if (path === '/api/v1/scheduler') return ofStream(headers['mesos-stream-id']);
    if (path === '/teardown') return method === 'POST' ? undefined : { to: 'any' };
    if (path === '/frameworks') return ofFramework(query) ?? listed(method, url, mergeFrameworks);
    if (path === '/tasks') return ofFramework(query) ?? listedTasks(method, url, query);
    const [, version, noun, target] = path.split('/');
    const place = version === 'v1' && noun !== undefined ? PLACES[noun] : undefined;
    if (place === undefined) return { to: 'any' };
    if (target !== undefined) return ofItem(noun ?? '', decodeURIComponent(target), query);
    return listedPages({ method, url, headers }, place, LISTS[noun as keyof typeof LISTS]);
  },
  byBody: (asked) => {
    const { path } = parsed(asked.url);
    if (path !== '/teardown') return ofCall(asked);
    return ofKey(new URLSearchParams(asked.body.toString()).get('frameworkId'));
  },
};

function parsed(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const { pathname, searchParams } = new URL(canonicalUrl(url, 'cluster'), 'http://offers');
  return { path: pathname, query: searchParams };
}

const ofKey = (key: string | null | undefined): Route =>
  key === null || key === undefined || key === '' ? { to: 'any' } : { to: 'key', key };

/** Whoever subscribes has no stream yet: its body tells which framework it is. */
const ofStream = (streamId: string | undefined): Route | undefined =>
  streamId === undefined ? undefined : ofKey(streamId);

const ofFramework = (query: URLSearchParams): Route | undefined => {
  const frameworkId = query.get('framework_id');
  return frameworkId === null ? undefined : ofKey(frameworkId);
};

/** @param target an id, with the verb behind it when it is a command: those have no colon in their names */
function ofItem(noun: string, target: string, query: URLSearchParams): Route {
  const id = target.replace(/:[a-z]+$/, '');
  if (noun === 'frameworks' || noun === 'offers') return ofKey(id);
  const frameworkId = query.get('frameworkId');
  return frameworkId === null ? { to: 'who-knows' } : ofKey(frameworkId);
}

/** A call without a stream: SUBSCRIBE, or one that will be refused. What cannot be read is refused by any partition. */
function ofCall({ headers, body }: AskedRequest): Route {
  const type = requestMediaType(headers['content-type']);
  if (!type.ok) return { to: 'any' };
  const decoded = decodeBody(messageTypes.SchedulerCall, type.mediaType, inflated(headers, body));
  if (!decoded.ok) return { to: 'any' };
  const { framework_id, subscribe } = decoded.value;
  return ofKey(framework_id?.value ?? subscribe?.framework_info.id?.value);
}

/** What is no gzip after all is refused by whoever gets it. */
function inflated(headers: AskedRequest['headers'], body: Buffer): Buffer {
  if (headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    return body;
  }
}

/** A list of all partitions. Of HEAD there is no body to put together. */
function listed(method: string, url: string, merge: (bodies: readonly string[]) => string): Route {
  if (method === 'HEAD') return { to: 'any' };
  const asked = new URL(url, 'http://offers');
  const jsonp = method === 'GET' ? asked.searchParams.get('jsonp') : null;
  if (jsonp === null) return { to: 'all', url, merge };
  asked.searchParams.delete('jsonp');
  return {
    to: 'all',
    url: `${asked.pathname}${asked.search}`,
    merge: (bodies) => `${jsonp}(${merge(bodies)});`,
    contentType: 'text/javascript',
  };
}

/** A page of a list of `/v1`: its parts come whole, and what of them is asked for is picked from what was put together. */
function listedPages(
  { method, url, headers }: Omit<AskedRequest, 'body'>,
  place: (item: never) => Place,
  kind: ListKind,
): Route {
  const query = queryOf(url);
  const asked = new URL(url, 'http://offers');
  asked.searchParams.delete('fields');
  const pageOf = (bodies: readonly string[]): Page<object> =>
    new ListRequest(query, kind).merge(
      bodies.map((body) => JSON.parse(body) as Page<object>),
      place as (item: object) => Place,
    );
  const route = listed(method, `${asked.pathname}${asked.search}`, (bodies) => JSON.stringify(pageOf(bodies)));
  if (route.to !== 'all' || method !== 'GET' || !wantsStream({ headers })) return route;
  return {
    ...route,
    stream: async (first, again, response, logger) => {
      // Numbers of several processes, summed up, are good for this stream only: who comes back is told anew.
      const source = sourceOf('offers');
      const open = (onEnd: () => void): SseStream => new SseStream(response, logger, onEnd);
      const ask = async (): Promise<Page<object>> => pageOf(await again());
      await streamPages({ source, request: { headers }, first: pageOf(first), ask, open });
    },
  };
}

function queryOf(url: string): ListQuery {
  const { searchParams } = new URL(url, 'http://offers');
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function listedTasks(method: string, url: string, query: URLSearchParams): Route {
  const limit = integer(query.get('limit'), DEFAULT_TASK_LIMIT);
  const offset = integer(query.get('offset'), 0);
  const window = { limit, offset, ascending: query.get('order') === 'asc' };
  const asked = new URL(url, 'http://offers');
  asked.searchParams.set('limit', String(limit < 0 ? limit : limit + Math.max(0, offset)));
  asked.searchParams.set('offset', '0');
  return listed(method, `${asked.pathname}${asked.search}`, (bodies) => mergeTasks(bodies, window));
}

/** A parameter that is no integer counts as not given, as in Mesos. */
const integer = (text: string | null, fallback: number): number =>
  text !== null && /^-?\d+$/.test(text) ? Number(text) : fallback;
