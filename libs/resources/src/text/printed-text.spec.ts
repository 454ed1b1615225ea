import { describe, expect, it } from 'vitest';
import { Resources } from '../resources.js';

describe('the printed form of Mesos', () => {
  it('keeps stored order: ports(allocated: cap):[31000-32000]; cpus(allocated: cap):3.9', () => {
    const offered = Resources.parse('ports:[31000-32000];cpus:3.9').withAllocationRole('cap');
    expect(String(offered)).toBe('ports(allocated: cap):[31000-32000]; cpus(allocated: cap):3.9');
  });

  it('is {} for nothing', () => {
    expect(String(Resources.EMPTY)).toBe('{}');
  });

  it('shows every entry of the reservation stack with principal and labels', () => {
    const resources = Resources.fromJson([
      {
        name: 'cpus',
        type: 'SCALAR',
        scalar: { value: 1 },
        reservations: [
          { type: 'STATIC', role: 'a' },
          {
            type: 'DYNAMIC',
            role: 'a/b',
            principal: 'p',
            labels: { labels: [{ key: 'k', value: 'v' }, { key: 'f' }] },
          },
        ],
      },
    ]);
    expect(String(resources)).toBe('cpus(reservations: [(STATIC,a),(DYNAMIC,a/b,p,{k: v, f})]):1');
  });

  it('shows disk source, persistence id and where it is mounted', () => {
    const resources = Resources.fromJson([
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 64 },
        reservations: [{ type: 'STATIC', role: 'r' }],
        disk: {
          persistence: { id: 'v1' },
          volume: { container_path: 'data', mode: 'RW' },
          source: { type: 'PATH', path: { root: '/p' } },
        },
        shared: {},
      },
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 1 },
        disk: { source: { type: 'RAW', vendor: 'acme', id: 'x', profile: 'fast' } },
        revocable: {},
      },
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 2 },
        disk: { volume: { container_path: 'data', mode: 'RO', host_path: '/h' } },
      },
    ]);
    expect(String(resources)).toBe(
      'disk(reservations: [(STATIC,r)])[PATH:/p,v1:data]<SHARED>:64<1>; disk[RAW(acme,x,fast)]{REV}:1; disk[:/h:data:ro]:2',
    );
  });

  it('keeps set items in their order', () => {
    expect(String(Resources.parse('zones:{b,a}'))).toBe('zones:{b, a}');
  });
});
