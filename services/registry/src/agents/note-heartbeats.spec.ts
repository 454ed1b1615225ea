import { describe, expect, it } from 'vitest';
import { AgentLiveness } from './agent-liveness.js';
import { AgentRoster } from './agent-roster.js';
import { FakeBus, knownAgent } from './agents.fakes.js';
import { NoteHeartbeats } from './note-heartbeats.js';

function registry() {
  const bus = new FakeBus();
  const roster = new AgentRoster('c');
  const liveness = new AgentLiveness(15_000, { quietAfter: 1, silentAfter: 1 });
  const unsent: string[] = [];
  const note = new NoteHeartbeats(roster, liveness, bus as never, (agentId) => unsent.push(agentId));
  return { bus, roster, liveness, unsent, note };
}

describe('NoteHeartbeats', () => {
  it('keeps an agent alive', () => {
    const { note, roster, liveness, bus } = registry();
    roster.put(knownAgent());
    note.execute([{ agentId: 'c-S0' }]);
    expect([liveness.sweep(), bus.said]).toEqual([{ quiet: [], overdue: [] }, []]);
  });

  it('tells an agent that was silent for a while to say anew what runs on it', () => {
    const { note, roster, bus } = registry();
    roster.put(knownAgent({ state: 'disconnected', stateReason: 'no heartbeat for 4 s' }));
    note.execute([{ agentId: 'c-S0' }]);
    expect(bus.items).toEqual([{ agentId: 'c-S0', reason: 'the agent is disconnected: no heartbeat for 4 s' }]);
  });

  it('tells an unknown agent to register', () => {
    const { note, bus } = registry();
    note.execute([{ agentId: 'x' }]);
    expect(bus.said).toEqual(['send reregister-agent.v1 to agent.x']);
    expect(bus.items).toEqual([{ agentId: 'x', reason: 'the registry does not know this agent' }]);
  });

  it('tells a recovered and an unreachable agent why they have to register again', () => {
    const { note, roster, bus } = registry();
    roster.put(knownAgent({ agentId: 'a', port: 1 }, { isRecovered: true }));
    roster.put(knownAgent({ agentId: 'b', port: 2, state: 'unreachable', stateReason: 'silent' }));
    note.execute([{ agentId: 'a' }, { agentId: 'b' }]);
    expect(bus.items).toEqual([
      { agentId: 'a', reason: 'the registry has started anew' },
      { agentId: 'b', reason: 'the agent is unreachable: silent' },
    ]);
  });

  it('reports an agent that has no queue to be told on', async () => {
    const { note, bus, unsent } = registry();
    bus.missingQueues.add('agent.x');
    note.execute([{ agentId: 'x' }]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unsent).toEqual(['x']);
  });
});
