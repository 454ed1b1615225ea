import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { newAgentCounters } from './agent-counters.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentRoster } from './agent-roster.js';
import { FakeBus, knownAgent, registerRequest } from './agents.fakes.js';
import { ChangeAgentState } from './change-agent-state.js';
import { RegisterAgent } from './register-agent.js';

function registry() {
  const bus = new FakeBus();
  const clock = new FakeClock(1_000);
  const roster = new AgentRoster('c');
  const liveness = new AgentLiveness(15_000, { quietAfter: 5, silentAfter: 5 });
  const counters = newAgentCounters();
  const changeState = new ChangeAgentState(roster, bus as never, clock);
  const register = new RegisterAgent(roster, liveness, changeState, bus as never, clock, counters);
  return { bus, clock, roster, counters, register };
}

describe('RegisterAgent', () => {
  it('gives a new agent the next id and tells it how often to send heartbeats', async () => {
    const { register } = registry();
    expect(await register.execute(registerRequest())).toEqual({
      ok: true,
      agentId: 'c-S0',
      heartbeatIntervalMs: 15_000,
    });
  });

  it('declares the queue before anybody hears of the agent', async () => {
    const { register, bus } = registry();
    await register.execute(registerRequest());
    expect(bus.said).toEqual(['declare agent.c-S0', 'publish agent.registered.v1']);
  });

  it('states what the agent told of its tasks', async () => {
    const { register, bus } = registry();
    const framework = { frameworkId: 'f', info: { user: 'u', name: 'n' } };
    await register.execute(registerRequest({ frameworks: [framework] }));
    expect(bus.items).toMatchObject([
      { agent: { agentId: 'c-S0', state: 'active' }, reregistered: false, tasks: [], frameworks: [framework] },
    ]);
  });

  it('answers a repetition with the same id', async () => {
    const { register } = registry();
    await register.execute(registerRequest());
    expect(await register.execute(registerRequest())).toMatchObject({ agentId: 'c-S0' });
  });

  it('keeps the id and the first registration of an agent that comes back', async () => {
    const { register, roster, clock } = registry();
    roster.put(knownAgent({ state: 'unreachable', stateReason: 'health check timed out after 75 s' }));
    clock.advance(9_000);
    expect(await register.execute(registerRequest({ agentId: 'c-S0' }))).toMatchObject({ ok: true, agentId: 'c-S0' });
    expect(roster.get('c-S0')?.record).toMatchObject({
      state: 'active',
      stateSinceMs: 10_000,
      registeredAtMs: 500,
      reregisteredAtMs: 10_000,
    });
    expect(roster.get('c-S0')?.record.stateReason).toBeUndefined();
  });

  it('admits an agent with an id that it does not know: the database may be new', async () => {
    const { register, bus } = registry();
    expect(await register.execute(registerRequest({ agentId: 'old-S7' }))).toMatchObject({ agentId: 'old-S7' });
    expect(bus.items).toMatchObject([{ reregistered: true }]);
  });

  it('removes the agent that was at the address under another id', async () => {
    const { register, roster, bus } = registry();
    roster.put(knownAgent());
    expect(await register.execute(registerRequest())).toMatchObject({ agentId: 'c-S1' });
    expect(roster.get('c-S0')?.record).toMatchObject({
      state: 'removed',
      stateReason: 'agent c-S1 registered at its address 10.0.0.1:5051',
    });
    expect(bus.said).toEqual(['publish agent.state-changed.v1', 'declare agent.c-S1', 'publish agent.registered.v1']);
  });

  it('gives an agent without an id at a recovered address a new one: it has lost its work directory', async () => {
    const { register, roster } = registry();
    roster.put(knownAgent({}, { isRecovered: true, hasHeartbeat: false }));
    expect(await register.execute(registerRequest())).toMatchObject({ agentId: 'c-S1' });
  });

  it('refuses an agent that was declared gone', async () => {
    const { register, roster, bus } = registry();
    roster.put(knownAgent({ state: 'gone' }));
    expect(await register.execute(registerRequest({ agentId: 'c-S0' }))).toEqual({
      ok: false,
      reason: 'agent c-S0 was declared gone and may not come back',
    });
    expect(bus.said).toEqual([]);
  });

  it('refuses resources that cannot be', async () => {
    const { register } = registry();
    const resources = [{ name: 'cpus', type: 'SCALAR', scalar: { value: -1 } } as const];
    expect(await register.execute(registerRequest({ resources }))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^its resources are invalid: /),
    });
  });

  it('counts registrations and reregistrations apart', async () => {
    const { register, counters } = registry();
    await register.execute(registerRequest());
    await register.execute(registerRequest({ agentId: 'c-S0' }));
    expect(counters).toMatchObject({ registrations: 1, reregistrations: 1, registrationMessages: 1 });
  });
});
