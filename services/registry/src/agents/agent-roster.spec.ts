import { describe, expect, it } from 'vitest';
import { AgentRoster } from './agent-roster.js';
import { FakeTable, knownAgent } from './agents.fakes.js';

describe('AgentRoster', () => {
  it('gives rising ids and none that it has seen', () => {
    const roster = new AgentRoster('c');
    roster.put(knownAgent({ agentId: 'c-S4' }));
    roster.put(knownAgent({ agentId: 'other-S9', port: 1 }));
    expect([roster.newId(), roster.newId()]).toEqual(['c-S5', 'c-S6']);
  });

  it('finds the present agent at an address', () => {
    const roster = new AgentRoster('c');
    roster.put(knownAgent({ state: 'removed' }));
    expect(roster.at({ ip: '10.0.0.1', port: 5051 })).toBeUndefined();
    roster.put(knownAgent({ agentId: 'c-S1' }));
    expect(roster.at({ ip: '10.0.0.1', port: 5051 })?.record.agentId).toBe('c-S1');
  });

  it('forgets the old address of an agent that has moved', () => {
    const roster = new AgentRoster('c');
    roster.put(knownAgent({ port: 1 }));
    roster.put(knownAgent({ port: 2 }));
    expect(roster.at({ ip: '10.0.0.1', port: 1 })).toBeUndefined();
    expect(roster.at({ ip: '10.0.0.1', port: 2 })).toBeDefined();
  });

  it('refuses the heartbeat of an agent that has to register', () => {
    const roster = new AgentRoster('c');
    roster.put(knownAgent({ agentId: 'recovered', port: 1 }, { isRecovered: true }));
    roster.put(knownAgent({ agentId: 'away', port: 2, state: 'unreachable' }));
    roster.put(knownAgent({ agentId: 'here', port: 3 }));
    expect(['recovered', 'away', 'here', 'unknown'].map((id) => roster.noteHeartbeat(id))).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('tells its observers of every change', () => {
    const table = new FakeTable();
    const roster = new AgentRoster('c');
    roster.observe(table);
    roster.put(knownAgent());
    expect([...table.rows.keys()]).toEqual(['c-S0']);
    roster.forget('c-S0');
    expect(table.rows.size).toBe(0);
  });
});
