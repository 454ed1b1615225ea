import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { newAgentCounters } from './agent-counters.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentRoster } from './agent-roster.js';
import { FakeBus, knownAgent } from './agents.fakes.js';
import { ChangeAgentState } from './change-agent-state.js';
import { UnregisterAgents } from './unregister-agents.js';

describe('UnregisterAgents', () => {
  it('removes the agent, states why, and ignores unknown ids and repetitions', () => {
    const bus = new FakeBus();
    const roster = new AgentRoster('c');
    const changeState = new ChangeAgentState(roster, bus as never, new FakeClock(1_000));
    const counters = newAgentCounters();
    const unregister = new UnregisterAgents(
      roster,
      new AgentLiveness(15_000, { quietAfter: 5, silentAfter: 5 }),
      changeState,
      counters,
    );
    roster.put(knownAgent());
    unregister.execute([
      { agentId: 'c-S0', reason: 'stopped' },
      { agentId: 'c-S0', reason: 'stopped' },
      { agentId: 'unknown', reason: 'stopped' },
    ]);
    expect(bus.items).toEqual([{ agentId: 'c-S0', state: 'removed', reason: 'stopped', atMs: 1_000 }]);
    expect(counters).toMatchObject({ unregistrationMessages: 3, unregistered: 1 });
  });
});
