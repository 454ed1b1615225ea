/** A resource that can be changed: what of it its tag is made of, and the code of its 412. */
export interface Guarded {
  /** Where it is read. */
  readonly path: string;
  readonly code: string;
}

interface Kind {
  readonly noun: string;
  /** Absent: it is changed by what it is made of, which has tags of its own. */
  readonly code?: string;
  /** Members of its view that changes change, and not what the cluster does all the time. */
  readonly members: readonly string[];
}

/** Below `/v1`, by plural. The schedule of maintenance is one resource, whose list gives the tag; a quota gives its own. */
const KINDS: Readonly<Record<string, Kind>> = {
  agents: { noun: 'agent', code: 'agent.changed', members: ['id', 'state', 'drain'] },
  frameworks: {
    noun: 'framework',
    code: 'framework.changed',
    members: ['id', 'state', 'active', 'roles', 'suppressedRoles'],
  },
  offers: { noun: 'offer', code: 'offer.changed', members: ['id', 'resources'] },
  tasks: { noun: 'task', code: 'task.changed', members: ['id', 'frameworkId', 'launchedAt', 'state'] },
  quotas: { noun: 'quota', code: 'quota.changed', members: ['role', 'guarantee', 'limit'] },
  roles: { noun: 'role', members: ['name', 'weight', 'guarantee', 'limit'] },
  weights: { noun: 'weight', code: 'weight.changed', members: ['role', 'weight'] },
  reservations: { noun: 'reservation', code: 'reservation.changed', members: ['id', 'text', 'volumes'] },
  volumes: { noun: 'volume', code: 'volume.changed', members: ['id', 'diskBytes'] },
  maintenance: { noun: 'maintenance schedule', code: 'maintenance.changed', members: [] },
};

/** Their names may have slashes, which are part of them. */
const NESTED = new Set(['roles', 'weights']);

/** Of a task several frameworks may have: this says whose. */
const OWNER = 'frameworkId';

/**
 * What a request below `/v1` is about.
 *
 * @param url path and query, as the handlers see it
 * @returns undefined for a collection, which has no tag, and for what is no resource of ours
 */
export function guardedBy(url: string): (Guarded & { readonly noun: string }) | undefined {
  const { pathname, searchParams } = new URL(url, 'http://v1');
  const [, , plural = '', ...rest] = pathname.split('/');
  const kind = KINDS[plural];
  if (kind?.code === undefined) return undefined;
  const { noun, code } = kind;
  if (plural === 'maintenance') return { noun, code, path: '/v1/maintenance' };
  const id = rest
    .map((part) => decodeURIComponent(part))
    .join('/')
    .replace(/:[a-z]+$/, '');
  if (id === '' || (rest.length > 1 && !NESTED.has(plural))) return undefined;
  const named = `/v1/${plural}/${NESTED.has(plural) ? encodeURI(id) : encodeURIComponent(id)}`;
  const owner = plural === 'tasks' ? searchParams.get(OWNER) : null;
  return { noun, code, path: owner === null ? named : `${named}?${OWNER}=${encodeURIComponent(owner)}` };
}

/** Of a view what its tag is made of; undefined when the path is of no single resource. */
export function taggedPart(url: string, view: () => Readonly<Record<string, unknown>>): unknown {
  const [, , plural = '', ...rest] = url.replace(/[?#].*$/s, '').split('/');
  const members = KINDS[plural]?.members ?? [];
  const isOne = rest.length === 1 || (NESTED.has(plural) && rest.length > 1);
  if (!isOne || members.length === 0) return undefined;
  const shown = view();
  return members.map((name) => shown[name] ?? null);
}
