import { describe, expect, it } from 'vitest';
import { Resources } from '../resources.js';
import type { ReservationJson, ResourceJson } from './resource-json.js';
import type { ResourceFormat } from './write-resource.js';

const cpus: ResourceJson = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };
const labels = { labels: [{ key: 'k', value: 'v' }] };
const dynamic: ReservationJson = { type: 'DYNAMIC', role: 'r', principal: 'p', labels };
const refined: ReservationJson[] = [
  { type: 'STATIC', role: 'a' },
  { type: 'DYNAMIC', role: 'a/b' },
];

function written(reservations: ReservationJson[] | undefined, format: ResourceFormat): ResourceJson | undefined {
  const [json] = Resources.fromJson([{ ...cpus, ...(reservations && { reservations }) }]).toJson(format);
  return json;
}

describe('the three representations of reservations', () => {
  it.each<[string, ReservationJson[] | undefined, object]>([
    ['unreserved', undefined, { role: '*' }],
    ['static', [{ type: 'STATIC', role: 'r' }], { role: 'r' }],
    ['dynamic', [dynamic], { role: 'r', reservation: { principal: 'p', labels } }],
  ])('pre-refinement, %s', (_name, reservations, expected) => {
    expect(written(reservations, 'pre-refinement')).toEqual({ ...cpus, ...expected });
  });

  it('pre-refinement leaves refined reservations out, having no form for them', () => {
    expect(written(refined, 'pre-refinement')).toBeUndefined();
  });

  it.each<[string, ReservationJson[] | undefined, object]>([
    ['unreserved', undefined, {}],
    ['static', [{ type: 'STATIC', role: 'r' }], { reservations: [{ type: 'STATIC', role: 'r' }] }],
    ['dynamic', [dynamic], { reservations: [dynamic] }],
    ['refined', refined, { reservations: refined }],
  ])('post-refinement, %s', (_name, reservations, expected) => {
    expect(written(reservations, 'post-refinement')).toEqual({ ...cpus, ...expected });
  });

  it.each<[string, ReservationJson[] | undefined, object]>([
    ['unreserved', undefined, { role: '*' }],
    ['static', [{ type: 'STATIC', role: 'r' }], { role: 'r', reservations: [{ type: 'STATIC', role: 'r' }] }],
    ['dynamic', [dynamic], { role: 'r', reservation: { principal: 'p', labels }, reservations: [dynamic] }],
    ['refined', refined, { reservations: refined }],
  ])('endpoint, %s', (_name, reservations, expected) => {
    expect(written(reservations, 'endpoint')).toEqual({ ...cpus, ...expected });
  });

  it.each<ResourceFormat>(['post-refinement', 'pre-refinement', 'endpoint'])('%s is read back as it was', (format) => {
    const resources = Resources.fromJson([cpus, { ...cpus, reservations: [dynamic] }]);
    expect(Resources.fromJson(resources.toJson(format)).equals(resources)).toBe(true);
  });
});

describe('the document of a resource', () => {
  it('has its members in the order in which the message declares them', () => {
    const full: ResourceJson = {
      provider_id: { value: 'rp' },
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 5 },
      role: 'r',
      allocation_info: { role: 'r' },
      reservation: { principal: 'p' },
      reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }],
      disk: {
        persistence: { id: 'v', principal: 'p' },
        volume: { mode: 'RW', container_path: 'data' },
        source: { type: 'MOUNT', mount: { root: '/m' }, vendor: 'acme', id: 'x', metadata: labels, profile: 'fast' },
      },
      revocable: {},
      shared: {},
    };
    expect(JSON.stringify(Resources.fromJson([full]).toJson('endpoint')[0])).toBe(JSON.stringify(full));
  });

  it('keeps members of a volume that only the agent understands', () => {
    const volume = { mode: 'RW' as const, container_path: 'data', source: { type: 'HOST_PATH' } };
    const json: ResourceJson = {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 5 },
      role: 'r',
      disk: { persistence: { id: 'v' }, volume },
    };
    expect(Resources.fromJson([json]).toJson()[0]?.disk?.volume).toEqual(volume);
  });

  it('keeps empty labels apart from none', () => {
    const json: ResourceJson = { ...cpus, reservations: [{ type: 'DYNAMIC', role: 'r', labels: {} }] };
    expect(Resources.fromJson([json]).toJson()).toEqual([json]);
  });

  it('keeps set items in their order', () => {
    const json: ResourceJson = { name: 'zones', type: 'SET', set: { item: ['b', 'a'] } };
    expect(Resources.fromJson([json]).toJson()).toEqual([json]);
  });

  it('shows copies of a shared volume as one', () => {
    expect(Resources.parse('disk(r)[v]<SHARED*3>:5').toJson()).toHaveLength(1);
  });
});
