import { describe, expect, it } from 'vitest';
import { planFaults } from './plan-faults.js';

const POSSIBLE = { agents: 3, canKillBroker: true, canKillDatabase: true, fillableAgents: [2] };

describe('planFaults', () => {
  it('gives the same faults for the same seed, and others for another', () => {
    expect(planFaults(7, 60_000, POSSIBLE)).toEqual(planFaults(7, 60_000, POSSIBLE));
    expect(planFaults(8, 60_000, POSSIBLE)).not.toEqual(planFaults(7, 60_000, POSSIBLE));
  });

  it('leaves a target alone until it had time to come back', () => {
    const freeAtMs = new Map<string, number>();
    for (const { target, atMs, holdMs } of planFaults(7, 600_000, POSSIBLE)) {
      expect(atMs).toBeGreaterThanOrEqual(freeAtMs.get(target) ?? 0);
      freeAtMs.set(target, atMs + holdMs);
    }
  });

  it('has every kind of fault, also of broker, database and agents, within ten minutes', () => {
    const faults = planFaults(7, 600_000, POSSIBLE);
    expect([...new Set(faults.map(({ kind }) => kind))].toSorted()).toEqual([
      ...['cut', 'fill', 'freeze', 'kill', 'pause', 'refuse', 'terminate'],
    ]);
    expect([...new Set(faults.map(({ target }) => target))].toSorted()).toEqual([
      ...['agent1', 'agent2', 'agent3', 'allocator', 'broker', 'database', 'offers', 'quota', 'registry'],
    ]);
  });

  it('kills no server that is no process of ours, and fills no disk that it has not', () => {
    const faults = planFaults(7, 600_000, {
      agents: 1,
      canKillBroker: false,
      canKillDatabase: false,
      fillableAgents: [],
    });
    const ofServers = faults.filter(({ target }) => target === 'broker' || target === 'database');
    expect([...new Set(ofServers.map(({ kind }) => kind))].toSorted()).toEqual(['cut', 'freeze', 'refuse']);
    expect(faults.filter(({ kind }) => kind === 'fill')).toEqual([]);
  });
});
