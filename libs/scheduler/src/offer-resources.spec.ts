import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { amountsOf, fits, portsOf, takeResources } from './offer-resources.js';

const scalar = (name: string, value: number, rest: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...rest,
});
const ports = (...range: { begin: number; end: number }[]): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range },
});
const reserved = { reservations: [{ type: 'STATIC' as const, role: 'web' }] };

describe('takeResources', () => {
  it('cuts what is needed and leaves the rest', () => {
    const cut = takeResources([scalar('cpus', 2), scalar('mem', 512)], { cpus: 0.5, memMb: 128 });
    expect(cut).toEqual({
      ok: true,
      taken: [scalar('cpus', 0.5), scalar('mem', 128)],
      left: [scalar('cpus', 1.5), scalar('mem', 384)],
    });
  });

  it('leaves nothing behind of a resource that is used up', () => {
    const cut = takeResources([scalar('cpus', 1)], { cpus: 1 });
    expect(cut).toMatchObject({ ok: true, left: [] });
  });

  it('counts in thousandths, so that 0.1 fits ten times into 1', () => {
    let left: Resource[] = [scalar('cpus', 1)];
    for (let i = 0; i < 10; i += 1) {
      const cut = takeResources(left, { cpus: 0.1 });
      expect(cut.ok).toBe(true);
      if (cut.ok) left = cut.left;
    }
    expect(left).toEqual([]);
  });

  it('uses reserved parts first and keeps their reservation', () => {
    const cut = takeResources([scalar('cpus', 2), scalar('cpus', 1, reserved)], { cpus: 1.5 });
    expect(cut).toEqual({
      ok: true,
      taken: [scalar('cpus', 1, reserved), scalar('cpus', 0.5)],
      left: [scalar('cpus', 1.5)],
    });
  });

  it('takes the lowest ports, over several ranges', () => {
    const cut = takeResources([ports({ begin: 31000, end: 31000 }, { begin: 31005, end: 31009 })], { ports: 3 });
    expect(cut).toEqual({
      ok: true,
      taken: [ports({ begin: 31000, end: 31000 }, { begin: 31005, end: 31006 })],
      left: [ports({ begin: 31007, end: 31009 })],
    });
  });

  it('names everything that is missing at once', () => {
    expect(takeResources([scalar('cpus', 1)], { cpus: 2, memMb: 64, ports: 1 })).toEqual({
      ok: false,
      missing: [
        { need: 'cpus', asked: 2, available: 1 },
        { need: 'memMb', asked: 64, available: 0 },
        { need: 'ports', asked: 1, available: 0 },
      ],
    });
  });

  it('never touches persistent volumes, shared or revocable resources', () => {
    const volume = scalar('disk', 100, { disk: { persistence: { id: 'v' } } });
    const revocable = scalar('cpus', 4, { revocable: {} });
    expect(takeResources([volume, revocable], { diskMb: 1, cpus: 1 })).toMatchObject({ ok: false });
  });

  it('does not change its input', () => {
    const offered = [scalar('cpus', 2)];
    takeResources(offered, { cpus: 1 });
    expect(offered).toEqual([scalar('cpus', 2)]);
  });
});

describe('fits', () => {
  it('is true when every need is met and false when one is not', () => {
    const offer = { resources: [scalar('cpus', 1), scalar('mem', 64)] };
    expect(fits(offer, { cpus: 1, memMb: 64 })).toBe(true);
    expect(fits(offer, { cpus: 1, memMb: 65 })).toBe(false);
  });

  it('is true for needs of nothing, and for an offer without resources then', () => {
    expect(fits({}, {})).toBe(true);
  });
});

describe('amountsOf', () => {
  it('adds up entries of one name', () => {
    const amounts = amountsOf([scalar('cpus', 0.1), scalar('cpus', 0.2, reserved), ports({ begin: 1, end: 10 })]);
    expect(amounts).toEqual({ cpus: 0.3, memMb: 0, diskMb: 0, gpus: 0, ports: 10 });
  });
});

describe('portsOf', () => {
  it('lists every port, also from ends that came as text', () => {
    const resource = ports({ begin: 31000, end: 31001 });
    const text: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: '9', end: '9' }] } };
    expect(portsOf([resource, text])).toEqual([31000, 31001, 9]);
  });
});
