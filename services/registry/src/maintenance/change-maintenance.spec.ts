import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { newAgentCounters } from '../agents/agent-counters.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { AgentRoster } from '../agents/agent-roster.js';
import { FakeBus, registerRequest } from '../agents/agents.fakes.js';
import { ChangeAgentState } from '../agents/change-agent-state.js';
import { RegisterAgent } from '../agents/register-agent.js';
import { ChangeMaintenance } from './change-maintenance.js';
import { InverseOfferAnswers } from './inverse-offer-answers.js';
import { type Maintenance, NO_MAINTENANCE } from './maintenance.js';
import { MaintenanceBook } from './maintenance-book.js';

const unavailability = { start: { nanoseconds: '1760000000000000000' } };
const N1 = { hostname: 'n1', ip: '10.0.0.1' };
const schedule = { windows: [{ machine_ids: [N1], unavailability }] };

function registry() {
  const bus = new FakeBus();
  const clock = new FakeClock(1_000);
  const roster = new AgentRoster('c');
  const liveness = new AgentLiveness(15_000, { quietAfter: 2, silentAfter: 5 });
  const changeState = new ChangeAgentState(roster, bus as never, clock);
  const book = new MaintenanceBook();
  const saved: Maintenance[] = [];
  const store = {
    fails: false,
    load: async () => NO_MAINTENANCE,
    async save(maintenance: Maintenance): Promise<void> {
      if (this.fails) throw new Error('disk full');
      saved.push(maintenance);
    },
  };
  const answers = new InverseOfferAnswers();
  const change = new ChangeMaintenance({ book, store, roster, changeState, liveness, answers, bus: bus as never });
  const register = new RegisterAgent(roster, liveness, changeState, bus as never, clock, newAgentCounters(), book);
  return { bus, roster, book, saved, store, answers, change, register };
}

describe('ChangeMaintenance', () => {
  it('tells of each agent whose window has changed, once', async () => {
    const { register, change, bus, roster } = registry();
    await register.execute(registerRequest());
    bus.items.length = 0;
    await change.reschedule(schedule);
    await change.reschedule(schedule);
    expect(bus.items).toEqual([{ agentId: 'c-S0', unavailability }]);
    expect(roster.get('c-S0')?.record.unavailability).toEqual(unavailability);
    await change.reschedule({});
    expect(bus.items[1]).toEqual({ agentId: 'c-S0' });
    expect(roster.get('c-S0')?.record).not.toHaveProperty('unavailability');
  });

  it('lets an agent that comes later know of its window', async () => {
    const { register, change, roster } = registry();
    await change.reschedule(schedule);
    await register.execute(registerRequest());
    expect(roster.get('c-S0')?.record.unavailability).toEqual(unavailability);
  });

  it('removes agents of machines that go down, and refuses them until they are up', async () => {
    const { register, change, bus, roster } = registry();
    await register.execute(registerRequest());
    await change.reschedule(schedule);
    expect(await change.bringDown([N1])).toBeUndefined();
    expect(roster.get('c-S0')?.record).toMatchObject({
      state: 'removed',
      stateReason: "Operator initiated 'Machine DOWN'",
    });
    expect(bus.said.at(-1)).toBe('send reregister-agent.v1 to agent.c-S0');
    expect(await register.execute(registerRequest({ agentId: 'c-S0' }))).toEqual({
      ok: false,
      reason: 'machine n1 (10.0.0.1) is DOWN: it is under maintenance',
    });
    expect(await change.bringUp([N1])).toBeUndefined();
    expect(await register.execute(registerRequest({ agentId: 'c-S0' }))).toMatchObject({ ok: true });
    expect(roster.get('c-S0')?.record).not.toHaveProperty('unavailability');
  });

  it('changes nothing that could not be saved, and goes on with the next', async () => {
    const { change, book, store, saved } = registry();
    store.fails = true;
    await expect(change.reschedule(schedule)).rejects.toThrow('disk full');
    expect(book.current).toBe(NO_MAINTENANCE);
    store.fails = false;
    expect(await change.reschedule(schedule)).toBeUndefined();
    expect(saved).toEqual([{ schedule, down: [] }]);
  });

  it('judges a change after the one before it', async () => {
    const { change } = registry();
    const both = [change.reschedule(schedule), change.bringDown([N1]), change.bringDown([N1])];
    expect(await Promise.all(both)).toEqual([
      undefined,
      undefined,
      `Machine '{"hostname":"n1","ip":"10.0.0.1"}' is not in DRAINING mode and cannot be brought down`,
    ]);
  });

  it('forgets what frameworks said of another window', async () => {
    const { register, change, answers } = registry();
    await register.execute(registerRequest());
    await change.reschedule(schedule);
    const ended = { kind: 'ended', inverseOfferId: 'o', frameworkId: 'f', agentId: 'c-S0', atMs: 5 } as const;
    answers.apply({ ...ended, outcome: 'accepted' });
    answers.apply({ ...ended, outcome: 'rescinded' });
    expect([...answers.of('c-S0')]).toMatchObject([{ frameworkId: 'f', answer: 'accepted' }]);
    await change.reschedule({});
    expect([...answers.of('c-S0')]).toEqual([]);
  });
});
