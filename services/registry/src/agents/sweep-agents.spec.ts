import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { newAgentCounters } from './agent-counters.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentRoster } from './agent-roster.js';
import { FakeBus, knownAgent } from './agents.fakes.js';
import { ChangeAgentState } from './change-agent-state.js';
import { SweepAgents } from './sweep-agents.js';

const MINUTE_MS = 60_000;

function registry(removalIntervalMs = 0) {
  const bus = new FakeBus();
  const clock = new FakeClock(1_000);
  const roster = new AgentRoster('c');
  const liveness = new AgentLiveness(15_000, { quietAfter: 1, silentAfter: 1 });
  const counters = newAgentCounters();
  const changeState = new ChangeAgentState(roster, bus as never, clock);
  const limits = { reregisterTimeoutMs: 10 * MINUTE_MS, retentionMs: 60 * MINUTE_MS, removalIntervalMs };
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

  describe('with a rate of removals', () => {
    const silent = (count: number, removalIntervalMs = 10 * MINUTE_MS) => {
      const parts = registry(removalIntervalMs);
      for (let n = 0; n < count; n++) {
        parts.roster.put(knownAgent({ agentId: `c-S${n}`, port: n }));
        parts.liveness.heard(`c-S${n}`);
      }
      const sweepFor = (ms: number): void => {
        for (let spentMs = 0; spentMs < ms; spentMs += 15_000) {
          parts.clock.advance(15_000);
          parts.sweep.execute();
        }
      };
      const states = (): string[] => [...parts.roster.all()].map(({ record }) => record.state);
      return { ...parts, sweepFor, states };
    };

    it('gives one agent up at once, and the next one each time that the rate allows', () => {
      const { sweepFor, states, counters } = silent(3);
      sweepFor(30_000);
      expect(states()).toEqual(['unreachable', 'disconnected', 'disconnected']);
      expect(counters).toMatchObject({ unreachableScheduled: 3, unreachable: 1, unreachableCanceled: 0 });
      sweepFor(10 * MINUTE_MS - 15_000);
      expect(states()).toEqual(['unreachable', 'disconnected', 'disconnected']);
      sweepFor(15_000);
      expect(states()).toEqual(['unreachable', 'unreachable', 'disconnected']);
    });

    it('does not give up an agent that is heard of while it waits', () => {
      const { sweepFor, states, counters, liveness } = silent(2);
      sweepFor(30_000);
      for (let n = 0; n < 50; n++) {
        liveness.heard('c-S1');
        sweepFor(15_000);
      }
      // It was disconnected while it waited, and registers again before it is active (note-heartbeats.ts).
      expect(states()).toEqual(['unreachable', 'disconnected']);
      expect(counters).toMatchObject({ unreachableScheduled: 2, unreachable: 1, unreachableCanceled: 1 });
    });

    it('does not give up what an operator declared gone', () => {
      const { sweepFor, states, counters, roster } = silent(2);
      sweepFor(30_000);
      roster.put(knownAgent({ agentId: 'c-S1', port: 1, state: 'gone' }));
      sweepFor(20 * MINUTE_MS);
      expect(states()).toEqual(['unreachable', 'gone']);
      expect(counters).toMatchObject({ unreachableScheduled: 2, unreachable: 1, unreachableCanceled: 1 });
    });

    it('holds recovered agents to it too, unless they register', () => {
      const { roster, clock, sweep, counters } = registry(MINUTE_MS);
      for (let n = 0; n < 3; n++) roster.put(knownAgent({ agentId: `c-S${n}`, port: n }, { isRecovered: true }));
      clock.advance(10 * MINUTE_MS);
      sweep.execute();
      roster.put(knownAgent({ agentId: 'c-S1', port: 1 }));
      clock.advance(MINUTE_MS);
      sweep.execute();
      expect([...roster.all()].map(({ record }) => record.state)).toEqual(['unreachable', 'active', 'unreachable']);
      expect(counters).toMatchObject({
        ...{ unreachableScheduled: 3, unreachable: 2, unreachableCanceled: 1, unreachableAfterRecovery: 2 },
      });
    });
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
