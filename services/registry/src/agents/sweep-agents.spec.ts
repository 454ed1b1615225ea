import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { newAgentCounters } from './agent-counters.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentRoster } from './agent-roster.js';
import { FakeBus, knownAgent } from './agents.fakes.js';
import { ChangeAgentState } from './change-agent-state.js';
import { SweepAgents } from './sweep-agents.js';

const MINUTE_MS = 60_000;

function registry() {
  const bus = new FakeBus();
  const clock = new FakeClock(1_000);
  const roster = new AgentRoster('c');
  const liveness = new AgentLiveness(15_000, { quietAfter: 1, silentAfter: 1 });
  const counters = newAgentCounters();
  const changeState = new ChangeAgentState(roster, bus as never, clock);
  const limits = { reregisterTimeoutMs: 10 * MINUTE_MS, retentionMs: 60 * MINUTE_MS };
  const sweep = new SweepAgents(roster, liveness, changeState, clock, counters, limits);
  return { bus, clock, roster, liveness, counters, sweep };
}

describe('SweepAgents', () => {
  it('states an agent unreachable that misses its heartbeats, with the time it was given', () => {
    const { sweep, roster, liveness, bus, counters } = registry();
    roster.put(knownAgent());
    liveness.heard('c-S0');
    sweep.execute();
    expect(bus.items).toEqual([]);
    sweep.execute();
    expect(bus.items).toEqual([
      { agentId: 'c-S0', state: 'unreachable', reason: 'health check timed out after 15 s', atMs: 1_000 },
    ]);
    expect(counters.unreachable).toBe(1);
  });

  it('gives recovered agents the whole timeout to come back', () => {
    const { sweep, roster, clock, bus, counters } = registry();
    roster.put(knownAgent({}, { isRecovered: true }));
    clock.advance(10 * MINUTE_MS - 1);
    sweep.execute();
    expect(bus.items).toEqual([]);
    clock.advance(1);
    sweep.execute();
    expect(bus.items).toMatchObject([
      { state: 'unreachable', reason: "did not register again within 600 s of the registry's start" },
    ]);
    expect(counters.unreachableAfterRecovery).toBe(1);
  });

  it('forgets agents that have been away for longer than the retention', () => {
    const { sweep, roster, clock } = registry();
    roster.put(knownAgent({ state: 'removed', stateSinceMs: 1_000 }));
    roster.put(knownAgent({ agentId: 'c-S1', port: 1, stateSinceMs: 1_000 }));
    clock.advance(60 * MINUTE_MS + 1);
    sweep.execute();
    expect([...roster.all()].map((known) => known.record.agentId)).toEqual(['c-S1']);
  });
});
