import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { ResourceSum } from './resource-sum.js';

const sumOf = (...texts: string[]): ResourceSum => {
  const sum = new ResourceSum();
  for (const text of texts) sum.add(Resources.parse(text));
  return sum;
};

describe('ResourceSum', () => {
  it('adds scalars and joins ranges', () => {
    expect(sumOf('cpus:1;ports:[1-3]', 'cpus:0.5;ports:[4-5, 9-9]').resources.toText()).toBe(
      'cpus:1.5; ports:[1-5, 9-9]',
    );
  });

  it('keeps a number until all who have it have let go', () => {
    const sum = sumOf('ports:[1-5]', 'ports:[3-8]');
    sum.remove(Resources.parse('ports:[1-5]'));
    expect(sum.resources.toText()).toBe('ports:[3-8]');
    sum.remove(Resources.parse('ports:[3-8]'));
    expect(sum.resources.isEmpty).toBe(true);
  });

  it('keeps an item until all who have it have let go', () => {
    const sum = sumOf('zones:{a, b}', 'zones:{b}');
    sum.remove(Resources.parse('zones:{a, b}'));
    expect(sum.resources.toText()).toBe('zones:{b}');
  });

  it('keeps what is held in several roles apart', () => {
    const sum = new ResourceSum();
    const ports = Resources.parse('ports:[1-2]');
    sum.add(ports.withAllocationRole('a'));
    sum.add(ports.withAllocationRole('b'));
    sum.remove(ports.withAllocationRole('a'));
    expect(sum.resources.toString()).toBe('ports(allocated: b):[1-2]');
  });
});
