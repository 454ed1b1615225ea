import { describe, expect, it } from 'vitest';
import { identityKey } from './identity.js';
import type { Resource } from './resource.js';

const base: Resource = { name: 'disk', value: { kind: 'scalar', milli: 1000 }, reservations: [] };
const key = (more: Partial<Resource> = {}): string => identityKey({ ...base, ...more });
const reserved = (...reservations: Resource['reservations'][number][]) => key({ reservations });

describe('identity (A3)', () => {
  it.each<[string, Partial<Resource>]>([
    ['name', { name: 'cpus' }],
    ['kind', { value: { kind: 'set', items: ['a'] } }],
    ['reservation', { reservations: [{ type: 'STATIC', role: 'r' }] }],
    ['disk info, even empty', { disk: {} }],
    ['disk source type', { disk: { source: { type: 'RAW' } } }],
    ['persistence id', { disk: { persistence: { id: 'v' } } }],
    ['revocable', { revocable: true }],
    ['shared', { shared: true }],
    ['resource provider', { providerId: 'p' }],
    ['allocation role', { allocationRole: 'r' }],
  ])('includes the %s', (_name, more) => {
    expect(key(more)).not.toBe(key());
  });

  it.each<[string, Resource['reservations'][number]]>([
    ['type', { type: 'STATIC', role: 'r' }],
    ['role', { type: 'DYNAMIC', role: 's' }],
    ['principal', { type: 'DYNAMIC', role: 'r', principal: 'p' }],
    ['labels', { type: 'DYNAMIC', role: 'r', labels: [{ key: 'k' }] }],
  ])("includes a reservation's %s", (_name, entry) => {
    expect(reserved(entry)).not.toBe(reserved({ type: 'DYNAMIC', role: 'r' }));
  });

  it('includes outer entries of the stack', () => {
    const inner = { type: 'DYNAMIC', role: 'a/b' } as const;
    expect(reserved({ type: 'STATIC', role: 'a' }, inner)).not.toBe(reserved({ type: 'DYNAMIC', role: 'a' }, inner));
  });

  it.each(['root', 'id', 'profile', 'vendor'] as const)("includes a disk source's %s", (member) => {
    const type = 'MOUNT' as const;
    expect(key({ disk: { source: { type, [member]: 'x' } } })).not.toBe(key({ disk: { source: { type } } }));
  });

  it("includes a disk source's metadata", () => {
    const source = { type: 'RAW' } as const;
    expect(key({ disk: { source: { ...source, metadata: [{ key: 'k' }] } } })).not.toBe(key({ disk: { source } }));
  });

  it.each<[string, Partial<Resource>, Partial<Resource>]>([
    ['value', {}, { value: { kind: 'scalar', milli: 7 } }],
    ['copies', { shared: true, copies: 1 }, { shared: true, copies: 2 }],
    [
      'mount',
      { disk: { persistence: { id: 'v' } } },
      { disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'x' } } },
    ],
    [
      'creator of a volume',
      { disk: { persistence: { id: 'v' } } },
      { disk: { persistence: { id: 'v', principal: 'p' } } },
    ],
    ['flags that are false', {}, { revocable: false, shared: false }],
  ])('excludes the %s', (_name, a, b) => {
    expect(key(a)).toBe(key(b));
  });

  it('compares labels in any order', () => {
    const labelled = (...labels: { key: string }[]) => reserved({ type: 'DYNAMIC', role: 'r', labels });
    expect(labelled({ key: 'a' }, { key: 'b' })).toBe(labelled({ key: 'b' }, { key: 'a' }));
  });

  it('cannot be imitated by what a text holds', () => {
    expect(key({ name: 'diskR' })).not.toBe(key({ revocable: true }));
    expect(key({ providerId: 'pA1:r' })).not.toBe(key({ providerId: 'p', allocationRole: 'r' }));
  });
});
