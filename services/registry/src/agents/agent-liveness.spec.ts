import { describe, expect, it } from 'vitest';
import { AgentLiveness } from './agent-liveness.js';

const sweeps = (liveness: AgentLiveness, count: number): string[][] =>
  Array.from({ length: count }, () => [...liveness.sweep().overdue]);

describe('AgentLiveness', () => {
  it('gives an agent up after five whole intervals of silence', () => {
    const liveness = new AgentLiveness(15_000, { quietAfter: 5, silentAfter: 5 });
    liveness.heard('a');
    // The first sweep ends the interval in which it was heard.
    expect(sweeps(liveness, 6)).toEqual([[], [], [], [], [], ['a']]);
    expect(liveness.timeoutMs).toBe(75_000);
  });

  it('begins anew with every heartbeat', () => {
    const liveness = new AgentLiveness(15_000, { quietAfter: 2, silentAfter: 2 });
    liveness.heard('a');
    sweeps(liveness, 2);
    liveness.heard('a');
    expect(sweeps(liveness, 3)).toEqual([[], [], ['a']]);
  });

  it('names an overdue agent once', () => {
    const liveness = new AgentLiveness(15_000, { quietAfter: 1, silentAfter: 1 });
    liveness.heard('a');
    expect(sweeps(liveness, 4)).toEqual([[], ['a'], [], []]);
  });

  it('says nothing of an agent that it was told to forget', () => {
    const liveness = new AgentLiveness(15_000, { quietAfter: 1, silentAfter: 1 });
    liveness.heard('a');
    liveness.forget('a');
    expect(sweeps(liveness, 3)).toEqual([[], [], []]);
  });

  it('names an agent quiet once, long before it is overdue, and again only after it was heard', () => {
    const liveness = new AgentLiveness(1_000, { quietAfter: 2, silentAfter: 5 });
    const all = (count: number) => Array.from({ length: count }, () => liveness.sweep());
    liveness.heard('a');
    expect(all(4).map(({ quiet }) => quiet)).toEqual([[], [], ['a'], []]);
    liveness.heard('a');
    expect(all(6)).toEqual([
      { quiet: [], overdue: [] },
      { quiet: [], overdue: [] },
      { quiet: ['a'], overdue: [] },
      { quiet: [], overdue: [] },
      { quiet: [], overdue: [] },
      { quiet: [], overdue: ['a'] },
    ]);
    expect(liveness.quietMs).toBe(2_000);
  });
});
