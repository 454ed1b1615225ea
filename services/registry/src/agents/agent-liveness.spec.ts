import { describe, expect, it } from 'vitest';
import { AgentLiveness } from './agent-liveness.js';

const sweeps = (liveness: AgentLiveness, count: number): string[][] =>
  Array.from({ length: count }, () => liveness.sweep());

describe('AgentLiveness', () => {
  it('gives an agent up after five whole intervals of silence', () => {
    const liveness = new AgentLiveness(15_000, 5);
    liveness.heard('a');
    // The first sweep ends the interval in which it was heard.
    expect(sweeps(liveness, 6)).toEqual([[], [], [], [], [], ['a']]);
    expect(liveness.timeoutMs).toBe(75_000);
  });

  it('begins anew with every heartbeat', () => {
    const liveness = new AgentLiveness(15_000, 2);
    liveness.heard('a');
    sweeps(liveness, 2);
    liveness.heard('a');
    expect(sweeps(liveness, 3)).toEqual([[], [], ['a']]);
  });

  it('names an overdue agent once', () => {
    const liveness = new AgentLiveness(15_000, 1);
    liveness.heard('a');
    expect(sweeps(liveness, 4)).toEqual([[], ['a'], [], []]);
  });

  it('says nothing of an agent that it was told to forget', () => {
    const liveness = new AgentLiveness(15_000, 1);
    liveness.heard('a');
    liveness.forget('a');
    expect(sweeps(liveness, 3)).toEqual([[], [], []]);
  });
});
