import { type ResourceJson, Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { fitCheckpointed } from './checkpointed-resources.js';

const reservations = [{ type: 'DYNAMIC' as const, role: 'web' }];
const reserved = (name: string, value: number) => ({
  name,
  type: 'SCALAR' as const,
  scalar: { value },
  reservations,
});
const volume = (id: string, value: number) => ({
  ...reserved('disk', value),
  disk: { persistence: { id }, volume: { mode: 'RW' as const, container_path: 'data' } },
});
const fit = (configured: string, ...checkpointed: ResourceJson[]) => {
  const { total, unfit } = fitCheckpointed(Resources.parse(configured), Resources.fromJson(checkpointed));
  return [total.toText(), unfit.toText()];
};

describe('fitCheckpointed', () => {
  it('lays reservations and volumes over the configured total', () => {
    expect(fit('cpus:4;disk:100', reserved('cpus', 1), reserved('disk', 20), volume('v', 30))).toEqual([
      'cpus:3; cpus(web):1; disk:50; disk(web):20; disk(web)[v]:30',
      '',
    ]);
  });

  it('keeps static reservations below dynamic ones', () => {
    const refined = {
      ...reserved('cpus', 1),
      reservations: [
        { type: 'STATIC' as const, role: 'web' },
        { type: 'DYNAMIC' as const, role: 'web/a' },
      ],
    };
    expect(fit('cpus(web):4', refined)).toEqual(['cpus(web):3; cpus(web/a):1', '']);
  });

  it('cuts a reservation to what a smaller total has, and remembers the rest', () => {
    expect(fit('cpus:2', reserved('cpus', 3))).toEqual(['cpus(web):2', 'cpus(web):1']);
    expect(fit('mem:5', reserved('cpus', 3))).toEqual(['mem:5', 'cpus(web):3']);
  });

  it('puts volumes before reservations, and takes them whole or not at all', () => {
    expect(fit('disk:50', reserved('disk', 40), volume('v', 30))).toEqual([
      'disk(web):20; disk(web)[v]:30',
      'disk(web):20',
    ]);
    expect(fit('disk:50', volume('a', 40), volume('b', 20))).toEqual(['disk:10; disk(web)[a]:40', 'disk(web)[b]:20']);
  });
});
