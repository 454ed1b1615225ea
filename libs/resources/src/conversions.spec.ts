import { describe, expect, it } from 'vitest';
import {
  applyConversion,
  type Conversion,
  createVolumesConversion,
  destroyVolumesConversion,
  growVolumeConversion,
  reserveConversion,
  shrinkVolumeConversion,
  unreserveConversion,
} from './conversions.js';
import { pushReservation } from './reservations/reservation.js';
import type { Resource } from './resource.js';
import { Resources } from './resources.js';

const r = (text: string) => Resources.parse(text);
const only = (text: string) => [...r(text)][0] as Resource;
const reserved = (text: string, role: string) =>
  r(text).map((resource) => pushReservation(resource, { type: 'DYNAMIC', role, principal: 'p' }));

/** Text of the result, or the reason of the refusal. */
function apply(resources: Resources, { consumed, converted }: Conversion): string {
  const result = applyConversion(resources, consumed, converted);
  return result.ok ? result.resources.toText() : result.reason;
}

describe('operations on resources', () => {
  it('reserve a part, and unreserve it again', () => {
    const wanted = reserved('cpus:1', 'a');
    const total = r('cpus:3').minus(r('cpus:1')).plus(wanted);
    expect(apply(r('cpus:3'), reserveConversion(wanted))).toBe('cpus:2; cpus(a):1');
    expect(apply(total, unreserveConversion(wanted))).toBe('cpus:3');
  });

  it('refine a reservation', () => {
    expect(apply(r('cpus(a):3'), reserveConversion(reserved('cpus(a):1', 'a/b')))).toBe('cpus(a):2; cpus(a/b):1');
  });

  it('re-reserve from a named source', () => {
    expect(apply(reserved('cpus:3', 'a'), reserveConversion(reserved('cpus:3', 'b'), reserved('cpus:3', 'a')))).toBe(
      'cpus(b):3',
    );
  });

  it('do not reserve what is not dynamically reserved in the request', () => {
    expect(() => reserveConversion(r('cpus(a):1'))).toThrow(
      'Resource cpus(reservations: [(STATIC,a)]):1 is not dynamically reserved',
    );
    expect(() => unreserveConversion(r('cpus:0.25'))).toThrow('Resource cpus:0.25 is not dynamically reserved');
  });

  it('refuse to take what is not there, with the words of Mesos', () => {
    expect(apply(r('cpus:3.9;mem:4032'), reserveConversion(reserved('cpus:99999', 'a')))).toBe(
      'cpus:3.9; mem:4032 does not contain cpus:99999',
    );
  });

  it('need the same principal to unreserve', () => {
    const other = r('cpus:1').map((resource) =>
      pushReservation(resource, { type: 'DYNAMIC', role: 'a', principal: 'q' }),
    );
    expect(apply(reserved('cpus:1', 'a'), unreserveConversion(other))).toContain('does not contain');
  });

  it('create a volume from reserved disk, and destroy it', () => {
    expect(apply(r('disk(r):10'), createVolumesConversion(r('disk(r)[v]:4')))).toBe('disk(r):6; disk(r)[v]:4');
    expect(apply(r('disk(r):6;disk(r)[v]:4'), destroyVolumesConversion(r('disk(r)[v]:4')))).toBe('disk(r):10');
  });

  it('create a volume from a whole MOUNT disk only', () => {
    expect(apply(r('disk(r)[MOUNT:/m]:10'), createVolumesConversion(r('disk(r)[MOUNT:/m,v]:10')))).toBe(
      'disk(r)[MOUNT:/m,v]:10',
    );
    expect(apply(r('disk(r)[MOUNT:/m]:10'), createVolumesConversion(r('disk(r)[MOUNT:/m,v]:4')))).toContain(
      'does not contain',
    );
  });

  it('create and destroy a shared volume', () => {
    expect(apply(r('disk(r):10'), createVolumesConversion(r('disk(r)[v]<SHARED>:4')))).toBe(
      'disk(r):6; disk(r)[v]<SHARED>:4',
    );
    expect(apply(r('disk(r)[v]<SHARED>:4'), destroyVolumesConversion(r('disk(r)[v]<SHARED>:4')))).toBe('disk(r):4');
  });

  it('do not destroy a shared volume of which copies would remain', () => {
    expect(apply(r('disk(r)[v]<SHARED*2>:4'), destroyVolumesConversion(r('disk(r)[v]<SHARED>:4')))).toBe(
      'Persistent volume disk(reservations: [(STATIC,r)])[v]<SHARED>:4<1> cannot be removed due to additional shared copies',
    );
  });

  it('destroy a volume that is mounted elsewhere than at its creation (A3)', () => {
    const [volume] = r('disk(r)[v]:4');
    const mounted = Resources.of([
      { ...(volume as Resource), disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'x' } } },
    ]);
    expect(apply(r('disk(r)[v]:4'), destroyVolumesConversion(mounted))).toBe('disk(r):4');
  });

  it('grow and shrink a volume', () => {
    expect(apply(r('disk(r):10;disk(r)[v]:4'), growVolumeConversion(only('disk(r)[v]:4'), only('disk(r):3')))).toBe(
      'disk(r):7; disk(r)[v]:7',
    );
    expect(apply(r('disk(r):7;disk(r)[v]:7'), shrinkVolumeConversion(only('disk(r)[v]:7'), 3000))).toBe(
      'disk(r):10; disk(r)[v]:4',
    );
  });
});
