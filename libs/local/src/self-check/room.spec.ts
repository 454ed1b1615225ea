import { describe, expect, it } from 'vitest';
import { hasRoomFor } from './room.js';

const MEBIBYTE = 1024 * 1024;
const amounts = (cpus: number, memMb: number) => ({
  cpus,
  gpus: 0,
  memBytes: memMb * MEBIBYTE,
  diskBytes: 0,
  ports: [],
});
const agent = (used: [number, number], offered: [number, number] = [0, 0]) => ({
  state: 'active' as const,
  total: amounts(1, 1024),
  used: amounts(...used),
  offered: amounts(...offered),
});
const NEEDS = { cpus: 0.1, memMb: 32 };

describe('hasRoomFor', () => {
  it('is true for an agent that has both, to the last thousandth', () => {
    expect(hasRoomFor(agent([0.9, 992]), NEEDS)).toBe(true);
  });

  it('is false when one of them is used up', () => {
    expect(hasRoomFor(agent([0.901, 0]), NEEDS)).toBe(false);
    expect(hasRoomFor(agent([0, 993]), NEEDS)).toBe(false);
  });

  it('counts what is offered as taken', () => {
    expect(hasRoomFor(agent([0.5, 0], [0.5, 0]), NEEDS)).toBe(false);
  });

  it('is false for an agent that is not active', () => {
    expect(hasRoomFor({ ...agent([0, 0]), state: 'deactivated' }, NEEDS)).toBe(false);
  });
});
