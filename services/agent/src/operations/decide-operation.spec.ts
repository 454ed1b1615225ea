import type { OfferOperation } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { reserve, scalar, volume, volumeOperation } from '../testing/operation.builder.js';
import { decideOperation } from './decide-operation.js';

const of = (...list: ReturnType<typeof scalar>[]): Resources => Resources.fromJson(list).withoutAllocationRole();

function decide(info: OfferOperation, total: Resources, more: { held?: Resources; unfit?: Resources } = {}) {
  const decision = decideOperation(info, { total, unfit: more.unfit ?? Resources.EMPTY }, more.held ?? Resources.EMPTY);
  if (!decision.ok) return `${decision.state}: ${decision.message}`;
  const { total: after, unfit } = decision.resources;
  return unfit.isEmpty ? after.toText() : `${after.toText()} | ${unfit.toText()}`;
}

describe('decideOperation', () => {
  const disk = of(scalar('disk', 100));

  it('drops what the agent does not have', () => {
    expect(decide(reserve(scalar('cpus', 9)), Resources.parse('cpus:4'))).toBe(
      'OPERATION_DROPPED: cpus:4 does not contain cpus:9',
    );
  });

  it('makes, grows, shrinks and destroys a volume', () => {
    expect(decide(volumeOperation('CREATE', volume('v', 40)), disk)).toBe('disk(web):60; disk(web)[v]:40');
    const made = of(scalar('disk', 60), volume('v', 40));
    const grow: OfferOperation = {
      type: 'GROW_VOLUME',
      grow_volume: { volume: volume('v', 40), addition: scalar('disk', 10) },
    };
    expect(decide(grow, made)).toBe('disk(web):50; disk(web)[v]:50');
    const shrink: OfferOperation = {
      type: 'SHRINK_VOLUME',
      shrink_volume: { volume: volume('v', 40), subtract: { value: 10 } },
    };
    expect(decide(shrink, made)).toBe('disk(web):70; disk(web)[v]:30');
    expect(decide(volumeOperation('DESTROY', volume('v', 40)), made)).toBe('disk(web):100');
  });

  it('names volumes that come and go, not those that change their size', () => {
    const made = of(scalar('disk', 60), volume('v', 40));
    const names = (info: OfferOperation, total: Resources) => {
      const decision = decideOperation(info, { total, unfit: Resources.EMPTY }, Resources.EMPTY);
      return decision.ok ? [decision.madeVolumes.length, decision.destroyedVolumes.length] : decision.message;
    };
    expect(names(volumeOperation('CREATE', volume('v', 40)), disk)).toEqual([1, 0]);
    expect(names(volumeOperation('DESTROY', volume('v', 40)), made)).toEqual([0, 1]);
    const grow = { volume: volume('v', 40), addition: scalar('disk', 10) };
    expect(names({ type: 'GROW_VOLUME', grow_volume: grow }, made)).toEqual([0, 0]);
  });

  it('fails what would take away something that is used', () => {
    const made = of(scalar('disk', 60), volume('v', 40));
    expect(decide(volumeOperation('DESTROY', volume('v', 40)), made, { held: of(volume('v', 40)) })).toMatch(
      /^OPERATION_FAILED: disk\(.*\[v:data\]:40 is in use$/,
    );
    const shared = { ...volume('s', 40), shared: {} };
    expect(decide(volumeOperation('DESTROY', shared), of(shared), { held: of(shared, shared) })).toMatch(
      /^OPERATION_FAILED: Persistent volume .* is in use$/,
    );
  });

  it('lets what has no room be given up, too', () => {
    expect(decide(volumeOperation('DESTROY', volume('v', 40)), Resources.EMPTY, { unfit: of(volume('v', 40)) })).toBe(
      ' | disk(web):40',
    );
  });

  it('takes launches, empty operations and malformed ones for errors', () => {
    expect(decide({ type: 'LAUNCH', launch: {} }, disk)).toMatch('OPERATION_ERROR: LAUNCH is no operation');
    expect(decide({ type: 'UNRESERVE', unreserve: {} }, disk)).toBe(
      'OPERATION_ERROR: The operation names no resources',
    );
    expect(decide(reserve({ ...scalar('cpus', 1), reservations: [] }), disk)).toBe(
      'OPERATION_ERROR: Resource cpus(allocated: web):1 is not dynamically reserved',
    );
  });
});
