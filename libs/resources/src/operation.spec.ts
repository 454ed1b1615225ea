import { describe, expect, it } from 'vitest';
import type { ResourceJson } from './json/resource-json.js';
import { conversionOf, type OperationJson } from './operation.js';

const dynamic = { type: 'DYNAMIC' as const, role: 'web', principal: 'mesh' };
const scalar = (name: string, value: number, more: Partial<ResourceJson> = {}): ResourceJson => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  reservations: [dynamic],
  ...more,
});
const volume = (value: number): ResourceJson =>
  scalar('disk', value, {
    disk: { persistence: { id: 'v', principal: 'mesh' }, volume: { container_path: 'data', mode: 'RW' } },
  });

const texts = (operation: OperationJson) => {
  const conversion = conversionOf(operation);
  return conversion && [conversion.consumed.toText(), conversion.converted.toText()];
};

describe('conversionOf', () => {
  it.each<[string, OperationJson, [string, string]]>([
    ['reserves', { type: 'RESERVE', reserve: { resources: [scalar('cpus', 2)] } }, ['cpus:2', 'cpus(web):2']],
    ['unreserves', { type: 'UNRESERVE', unreserve: { resources: [scalar('cpus', 2)] } }, ['cpus(web):2', 'cpus:2']],
    ['creates', { type: 'CREATE', create: { volumes: [volume(8)] } }, ['disk(web):8', 'disk(web)[v]:8']],
    ['destroys', { type: 'DESTROY', destroy: { volumes: [volume(8)] } }, ['disk(web)[v]:8', 'disk(web):8']],
    [
      'grows',
      { type: 'GROW_VOLUME', grow_volume: { volume: volume(8), addition: scalar('disk', 4) } },
      ['disk(web):4; disk(web)[v]:8', 'disk(web)[v]:12'],
    ],
    [
      'shrinks',
      { type: 'SHRINK_VOLUME', shrink_volume: { volume: volume(8), subtract: { value: 3 } } },
      ['disk(web)[v]:8', 'disk(web):3; disk(web)[v]:5'],
    ],
  ])('%s', (_what, operation, expected) => {
    expect(texts(operation)).toEqual(expected);
  });

  it('re-reserves from a source', () => {
    const source = [scalar('cpus', 1, { reservations: [{ ...dynamic, role: 'db' }] })];
    expect(texts({ type: 'RESERVE', reserve: { source, resources: [scalar('cpus', 1)] } })).toEqual([
      'cpus(db):1',
      'cpus(web):1',
    ]);
  });

  it('leaves launches and disks of providers alone', () => {
    expect(conversionOf({ type: 'LAUNCH' })).toBeUndefined();
    expect(conversionOf({ type: 'CREATE_DISK' })).toBeUndefined();
  });

  it('refuses a volume operation without a volume', () => {
    expect(() => conversionOf({ type: 'GROW_VOLUME' })).toThrow('The operation names no resource');
  });
});
