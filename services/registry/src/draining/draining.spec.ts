import { FakeClock } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { AgentRoster } from '../agents/agent-roster.js';
import { FakeBus, knownAgent } from '../agents/agents.fakes.js';
import { ChangeAgentState } from '../agents/change-agent-state.js';
import { DeactivateAgent } from './deactivate-agent.js';
import { DrainAgent } from './drain-agent.js';
import { MarkAgentGone } from './mark-agent-gone.js';

const CAPABLE = { capabilities: ['MULTI_ROLE', 'AGENT_DRAINING'] };
const no = (kind: string, message: string) => ({ ok: false, refusal: { kind, message } });

describe('orders of operators', () => {
  let roster: AgentRoster;
  let bus: FakeBus;
  let drain: DrainAgent;
  let deactivate: DeactivateAgent;
  let gone: MarkAgentGone;
  const untold: string[] = [];
  const stateOf = (id = 'c-S0') => roster.get(id)?.record;

  beforeEach(() => {
    roster = new AgentRoster('c');
    bus = new FakeBus();
    untold.length = 0;
    const clock = new FakeClock(1_000);
    const changeState = new ChangeAgentState(roster, bus, clock);
    const onUntold = (agentId: string): void => void untold.push(agentId);
    gone = new MarkAgentGone(
      roster,
      new AgentLiveness(1_000, { quietAfter: 4, silentAfter: 75 }),
      changeState,
      bus,
      onUntold,
    );
    drain = new DrainAgent(roster, changeState, gone, bus, clock, onUntold);
    deactivate = new DeactivateAgent(roster, changeState);
    roster.put(knownAgent(CAPABLE));
  });

  it('drains an agent: deactivated for all, told to end its tasks, and shown with its terms', () => {
    expect(drain.execute('c-S0', { maxGraceMs: 5_000, markGone: false })).toEqual({ ok: true });
    expect(stateOf()).toMatchObject({
      state: 'deactivated',
      isDeactivated: true,
      drain: { state: 'draining', maxGraceMs: 5_000, markGone: false, startedAtMs: 1_000 },
    });
    expect(bus.said).toEqual(['publish agent.state-changed.v1', 'send drain-agent.v1 to agent.c-S0']);
    expect(bus.items.at(-1)).toEqual({ agentId: 'c-S0', maxGraceMs: 5_000, markGone: false });
  });

  it('tells when it is empty', () => {
    drain.execute('c-S0', { markGone: false });
    drain.drained('c-S0');
    const told = bus.items.filter((item) => 'state' in (item as object));
    expect(told).toMatchObject([
      { state: 'deactivated', drain: 'draining' },
      { state: 'deactivated', drain: 'drained' },
    ]);
  });

  it('tells of the drain of an agent that was deactivated already', () => {
    deactivate.execute('c-S0');
    drain.execute('c-S0', { markGone: false });
    expect(bus.items[0]).not.toHaveProperty('drain');
    expect(bus.items[1]).toMatchObject({ state: 'deactivated', drain: 'draining' });
  });

  it('only judges an order on trial', () => {
    const before = stateOf();
    expect(drain.execute('c-S0', { markGone: false }, true)).toEqual({ ok: true });
    expect(deactivate.execute('c-S0', true)).toEqual({ ok: true });
    expect(gone.execute('c-S0', undefined, true)).toEqual({ ok: true });
    expect(deactivate.reactivate('c-S0', true)).toEqual(no('bad-request', 'Agent is not deactivated'));
    expect([stateOf(), bus.said]).toEqual([before, []]);
  });

  it('takes other terms in a repetition, and keeps the time it began', () => {
    drain.execute('c-S0', { maxGraceMs: 5_000, markGone: false });
    drain.execute('c-S0', { markGone: true });
    expect(stateOf()?.drain).toEqual({ state: 'draining', markGone: true, startedAtMs: 1_000 });
    expect(bus.said.filter((line) => line.startsWith('send'))).toHaveLength(2);
  });

  it('refuses to drain what is unknown, gone, removed or not capable of it', () => {
    roster.put(knownAgent({ agentId: 'c-S1', port: 1, state: 'gone' }));
    roster.put(knownAgent({ agentId: 'c-S2', port: 2, state: 'removed' }));
    roster.put(knownAgent({ agentId: 'c-S3', port: 3, capabilities: [] }));
    for (const id of ['nope', 'c-S1', 'c-S2']) {
      expect(drain.execute(id, { markGone: false })).toEqual(no('bad-request', 'Unknown agent'));
    }
    const incapable = no('bad-request', 'Agent c-S3 is not capable of draining');
    expect(drain.execute('c-S3', { markGone: false })).toEqual(incapable);
  });

  it('refuses to drain an agent whose machine is in the maintenance schedule, for as long as it is', () => {
    const unavailability = { start: { nanoseconds: 5_000 } };
    roster.put(knownAgent({ ...CAPABLE, unavailability }));
    const scheduled = no('bad-request', 'Agent c-S0 is part of a maintenance schedule');
    expect(drain.execute('c-S0', { markGone: false })).toEqual(scheduled);
    expect(stateOf()).not.toHaveProperty('drain');
    expect(bus.said).toEqual([]);
    roster.put(knownAgent({ ...CAPABLE, unavailability, state: 'unreachable' }));
    expect(drain.execute('c-S0', { markGone: false })).toEqual({ ok: true });
    roster.put(knownAgent(CAPABLE));
    expect(drain.execute('c-S0', { markGone: false })).toEqual({ ok: true });
  });

  it('tells an agent that was away when it registers, as long as it is not drained', () => {
    roster.put(knownAgent({ ...CAPABLE, state: 'unreachable' }));
    expect(drain.execute('c-S0', { markGone: false })).toEqual({ ok: true });
    expect(bus.said).toEqual([]);
    drain.remind('c-S0');
    expect(bus.said).toEqual(['send drain-agent.v1 to agent.c-S0']);
    drain.drained('c-S0');
    drain.remind('c-S0');
    expect(bus.said).toHaveLength(1);
    expect(stateOf()?.drain?.state).toBe('drained');
  });

  it('counts tasks at the beginning of a drain, and tells its end', () => {
    drain.execute('c-S0', { markGone: false, tasks: 7 });
    drain.execute('c-S0', { markGone: false, tasks: 3 });
    drain.drained('c-S0');
    expect(stateOf()?.drain).toEqual({
      ...{ state: 'drained', markGone: false, tasks: 7, startedAtMs: 1_000, endedAtMs: 1_000 },
    });
  });

  it('takes a drain back while the agent is there to be told, and not once it is empty', () => {
    expect(drain.cancel('c-S0')).toEqual(no('bad-request', 'Agent c-S0 is not being drained'));
    drain.execute('c-S0', { maxGraceMs: 5_000, markGone: true });
    bus.said.length = 0;
    expect(drain.cancel('c-S0')).toEqual({ ok: true });
    expect(stateOf()).toMatchObject({ state: 'active' });
    expect(stateOf()).not.toHaveProperty('drain');
    expect(stateOf()).not.toHaveProperty('isDeactivated');
    expect(bus.said).toEqual(['publish agent.state-changed.v1', 'send drain-agent.v1 to agent.c-S0']);
    expect(bus.items.at(-1)).toEqual({ agentId: 'c-S0', maxGraceMs: 5_000, markGone: true, isCancelled: true });
    drain.drained('c-S0');
    expect(stateOf()).toMatchObject({ state: 'active' });
    drain.execute('c-S0', { markGone: false });
    drain.drained('c-S0');
    expect(drain.cancel('c-S0')).toEqual(no('bad-request', 'Agent c-S0 is not being drained'));
  });

  it('does not take a drain back from an agent that is away: it would go on', () => {
    roster.put(knownAgent({ ...CAPABLE, state: 'unreachable' }));
    drain.execute('c-S0', { markGone: false });
    expect(drain.cancel('c-S0')).toEqual(no('conflict', 'Agent c-S0 is away and cannot be told'));
    expect(stateOf()?.drain?.state).toBe('draining');
  });

  it('declares an agent gone once it is drained, when that was ordered', () => {
    drain.execute('c-S0', { markGone: true });
    bus.said.length = 0;
    drain.drained('c-S0');
    expect(stateOf()).toMatchObject({ state: 'gone', drain: { state: 'drained' } });
    expect(bus.said).toEqual(['publish agent.state-changed.v1', 'send shutdown-agent.v1 to agent.c-S0']);
  });

  it('ignores the word of an agent that is not being drained', () => {
    drain.drained('c-S0');
    expect(stateOf()).not.toHaveProperty('drain');
  });

  it('deactivates and activates; what was not deactivated cannot be activated', () => {
    expect(deactivate.reactivate('c-S0')).toEqual(no('bad-request', 'Agent is not deactivated'));
    expect(deactivate.execute('nope')).toEqual(no('bad-request', 'Unknown agent'));
    deactivate.execute('c-S0');
    expect(stateOf()).toMatchObject({ state: 'deactivated', isDeactivated: true });
    expect(deactivate.reactivate('c-S0')).toEqual({ ok: true });
    expect(stateOf()).toMatchObject({ state: 'active' });
    expect(stateOf()).not.toHaveProperty('isDeactivated');
    expect(bus.items).toMatchObject([{ state: 'deactivated' }, { state: 'active' }]);
  });

  it('activates a drained agent, not one that still drains', () => {
    drain.execute('c-S0', { markGone: false });
    expect(deactivate.reactivate('c-S0')).toEqual(no('bad-request', 'Agent is still in the DRAINING state'));
    drain.drained('c-S0');
    expect(deactivate.reactivate('c-S0')).toEqual({ ok: true });
    expect(stateOf()).not.toHaveProperty('drain');
  });

  it('clears the order for an agent that is away, and says that it is', () => {
    roster.put(knownAgent({ ...CAPABLE, state: 'unreachable', isDeactivated: true }));
    const away = no('conflict', 'Agent removed while processing the call');
    expect(deactivate.reactivate('c-S0')).toEqual(away);
    expect(stateOf()).not.toHaveProperty('isDeactivated');
  });

  it('declares an agent gone for ever; a second time changes nothing', async () => {
    bus.missingQueues.add('agent.c-S0');
    expect(gone.execute('nope')).toEqual(no('not-found', "Agent 'nope' not found"));
    expect(gone.execute('c-S0')).toEqual({ ok: true });
    expect(gone.execute('c-S0')).toEqual({ ok: true });
    expect(bus.said).toEqual(['publish agent.state-changed.v1']);
    await Promise.resolve();
    expect(untold).toEqual(['c-S0']);
  });
});
