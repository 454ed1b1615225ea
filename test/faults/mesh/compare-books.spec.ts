import { describe, expect, it } from 'vitest';
import { type Amounts, amountsOfShown, amountsOfView, NOTHING } from './amounts.js';
import { type Books, disagreements } from './compare-books.js';

const ONE: Amounts = { cpusMilli: 500, memMb: 32, diskMb: 8, ports: 2 };
const sums = (amounts: Amounts): Map<string, Amounts> => new Map([['a', amounts]]);
const agreeing: Books = {
  allocator: sums(ONE),
  offers: { all: sums(ONE), tasks: new Map() },
  registry: sums(ONE),
  agents: sums(NOTHING),
};

describe('disagreements', () => {
  it('finds none when all say the same, and silence means nothing', () => {
    expect(disagreements(agreeing)).toEqual(new Map());
  });

  it.each<[string, Partial<Books>, string]>([
    [
      'the allocator holds what nobody has',
      { allocator: sums({ ...ONE, ports: 3 }) },
      'the allocator counts cpusMilli 500 memMb 32 diskMb 8 ports 3, offers cpusMilli 500 memMb 32 diskMb 8 ports 2',
    ],
    [
      'the registry has forgotten an offer',
      { registry: new Map() },
      'the registry counts nothing, offers cpusMilli 500 memMb 32 diskMb 8 ports 2',
    ],
    [
      'the agent runs what is in no books',
      { agents: sums({ ...NOTHING, memMb: 32 }) },
      'the agent counts memMb 32, tasks of offers nothing',
    ],
  ])('says that %s', (_what, more, text) => {
    expect([...disagreements({ ...agreeing, ...more }).values()]).toEqual([`of a ${text}`]);
  });
});

it('reads the same amounts from what each endpoint shows', () => {
  const shown = { cpus: 0.5, mem: 32, disk: 8 };
  expect(amountsOfShown({ ...shown, ports: '[31000-31000, 31002-31002]' })).toEqual(ONE);
  expect(amountsOfShown({ ...shown, ports: 2 })).toEqual(ONE);
  const ranges = [{ begin: 31_000, end: 31_001 }];
  expect(amountsOfView({ cpus: 0.5, memBytes: 32 << 20, diskBytes: 8 << 20, ports: ranges })).toEqual(ONE);
});
