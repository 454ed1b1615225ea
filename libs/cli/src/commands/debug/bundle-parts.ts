import type { FrameworkView, ServiceView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { problemError } from '../../api/problem.js';
import { CliError } from '../../cli.errors.js';
import { LIVE_FRAMEWORKS } from '../../values/framework-words.js';
import { VERSION } from '../../version.js';
import { maskSecrets, maskText } from './mask-secrets.js';

/** A file of the bundle. */
export interface BundlePart {
  readonly name: string;
  readonly text: string;
}

/** Enough for a report; a cluster of any size makes a bundle that can be sent. */
const MAX_ITEMS = 5_000;
/** Of more agents it has what the registry knows. */
const MAX_AGENTS = 20;

/** Lists of `/v1`, by the name of their file. */
const LISTS: Readonly<Record<string, readonly [path: string, query?: Record<string, string>]>> = {
  agents: ['/v1/agents'],
  frameworks: ['/v1/frameworks'],
  offers: ['/v1/offers'],
  'tasks-live': ['/v1/tasks', { live: 'true' }],
  'tasks-ended': ['/v1/tasks', { live: 'false' }],
  operations: ['/v1/operations'],
  roles: ['/v1/roles'],
  quotas: ['/v1/quotas'],
  weights: ['/v1/weights'],
  reservations: ['/v1/reservations'],
  volumes: ['/v1/volumes'],
  maintenance: ['/v1/maintenance'],
  shares: ['/v1/shares'],
  allocations: ['/v1/allocations'],
  events: ['/v1/events'],
  services: ['/v1/services'],
  queues: ['/v1/queues'],
};

/** Single documents, as they are. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'version.json': '/version',
  'readyz.json': '/readyz',
  'flags.json': '/flags',
  'traces-failed.json': '/v1/traces?error=true&limit=100',
  'traces-slow.json': '/v1/traces?slow=1000&limit=100',
  'metrics-snapshot.json': '/metrics/snapshot',
};

/** Everything for a report, one part after the other. What cannot be had is a part that says why. */
export async function* bundleParts(context: CliContext): AsyncGenerator<BundlePart> {
  const { api, io } = context;
  const about = {
    ...{ program: VERSION, node: io.nodeVersion, url: api.url, at: new Date(io.clock.nowMs()).toISOString() },
    note: 'Members whose names say that they are secret, credentials in addresses and what commands set are masked. Look through it before you send it.',
  };
  yield json('about.json', about);
  for (const [name, path] of Object.entries(DOCUMENTS)) yield part(name, () => document(context, path));
  for (const [name, [path, query = {}]] of Object.entries(LISTS)) {
    const limit = name === 'tasks-ended' ? 1_000 : MAX_ITEMS;
    yield part(`${name}.json`, async () => pretty(await api.list(path, query, limit)));
  }
  const frameworks = await attempt(() => api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS }, 20));
  for (const { id } of frameworks?.items ?? []) {
    const path = `/v1/explain/frameworks/${encodeURIComponent(id)}`;
    yield part(`explain/${id}.json`, () => document(context, path));
  }
  yield* services(context);
}

/** Of each service, partition, replica and agent a folder: what it says of itself, what it was started with, what it has counted, what it has said. */
async function* services(context: CliContext): AsyncGenerator<BundlePart> {
  const { api } = context;
  const parts = await attempt(async () => (await api.list<ServiceView>('/v1/services')).items);
  const agents = await attempt(
    async () => (await api.list<ServiceView>('/v1/services', { service: 'agent' }, MAX_AGENTS)).items,
  );
  for (const { id } of [...(parts ?? []), ...(agents ?? [])]) {
    const folder = `services/${id}`;
    const path = `/v1/services/${encodeURIComponent(id)}`;
    yield part(`${folder}/service.json`, () => document(context, path));
    yield part(`${folder}/settings.json`, async () =>
      pretty(await api.list('/v1/settings', { service: id }, MAX_ITEMS)),
    );
    yield part(`${folder}/metrics.txt`, () => document(context, `${path}/metrics`));
    yield part(`${folder}/log.jsonl`, async () => lines((await api.list(`${path}/logs`, {}, MAX_ITEMS)).items));
  }
}

async function part(name: string, make: () => Promise<string>): Promise<BundlePart> {
  try {
    return { name, text: await make() };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { name: `${name}.missing.txt`, text: `${error.message}\n${error.details.join('\n')}\n` };
  }
}

async function document({ api }: CliContext, path: string): Promise<string> {
  const answer = await api.raw('GET', path);
  const { body, contentType, status } = answer;
  // A service that is not ready says why with a 503.
  if (status >= 400 && path !== '/readyz') throw problemError(answer, path);
  const text = body.toString('utf8');
  return contentType.includes('json') ? pretty(JSON.parse(text)) : maskText(text);
}

async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

const pretty = (value: unknown): string => `${JSON.stringify(maskSecrets(value), undefined, 2)}\n`;
const lines = (items: readonly unknown[]): string =>
  items.map((one) => `${JSON.stringify(maskSecrets(one))}\n`).join('');
const json = (name: string, value: unknown): BundlePart => ({ name, text: pretty(value) });
