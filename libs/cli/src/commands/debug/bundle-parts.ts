import type { FrameworkView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
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
const LOG_BYTES = 1 << 20;

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
};

/** Single documents, as they are. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'version.json': '/version',
  'readyz.json': '/readyz',
  'settings.json': '/v1/settings',
  'flags.json': '/flags',
  'traces-failed.json': '/v1/traces?error=true&limit=100',
  'traces-slow.json': '/v1/traces?slow=1000&limit=100',
  'metrics.txt': '/metrics',
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
  yield part('registry.log', () => ownLog(context));
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
  const { body, contentType } = await api.raw('GET', path);
  const text = body.toString('utf8');
  return contentType.includes('json') ? pretty(JSON.parse(text)) : maskText(text);
}

/** The end of the log of the registry, where it has a file. */
async function ownLog({ api }: CliContext): Promise<string> {
  const read = (offset: number): Promise<{ data: string; offset: number }> =>
    api.get('/files/read', { path: '/master/log', offset, ...(offset < 0 ? {} : { length: LOG_BYTES }) });
  const { offset: size } = await read(-1);
  return maskText((await read(Math.max(0, size - LOG_BYTES))).data);
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
const json = (name: string, value: unknown): BundlePart => ({ name, text: pretty(value) });
