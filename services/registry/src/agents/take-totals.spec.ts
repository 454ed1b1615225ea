import { describe, expect, it } from 'vitest';
import { AgentRoster } from './agent-roster.js';
import { knownAgent } from './agents.fakes.js';
import { TakeTotals } from './take-totals.js';

const resources = [
  {
    name: 'cpus',
    type: 'SCALAR' as const,
    scalar: { value: 1 },
    reservations: [{ type: 'DYNAMIC' as const, role: 'r' }],
  },
];

const cpus = (value: number) => [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value } }];

describe('TakeTotals', () => {
  it('replaces what an agent has, for the table and the read model too', () => {
    const roster = new AgentRoster('c');
    const seen: unknown[] = [];
    roster.put(knownAgent());
    roster.observe({ agentChanged: ({ record }) => seen.push(record.resources), agentForgotten: () => {} });
    const totals = new TakeTotals(roster);
    totals.execute({ agentId: 'c-S0', resources });
    expect(roster.get('c-S0')?.record.resources).toEqual(resources);
    totals.replace({ totals: [{ agentId: 'c-S0', resources: [] }] });
    expect(seen).toEqual([resources, []]);
  });

  it('adds up the shares of several partitions, for as long as the agent does not register again', () => {
    const roster = new AgentRoster('c');
    const { record } = knownAgent();
    roster.put({ ...knownAgent(), record: { ...record, resources: cpus(8) } });
    const totals = new TakeTotals(roster);
    const asOfMs = record.reregisteredAtMs ?? record.registeredAtMs;
    const change = { partition: 0, asOfMs, minus: cpus(1), plus: resources };
    totals.execute({ agentId: 'c-S0', resources: [], change });
    totals.execute({ agentId: 'c-S0', resources: [], change: { ...change, partition: 1, minus: cpus(2), plus: [] } });
    expect(roster.get('c-S0')?.record).toMatchObject({ registered: cpus(8), resources: [...cpus(5), ...resources] });
    roster.put({ ...knownAgent(), record: { ...record, reregisteredAtMs: asOfMs + 1, resources: cpus(7) } });
    totals.replace({ totals: [{ agentId: 'c-S0', resources: [], change }] });
    expect(roster.get('c-S0')?.record.resources).toEqual(cpus(7));
  });

  it('ignores agents that are not known', () => {
    const roster = new AgentRoster('c');
    new TakeTotals(roster).execute({ agentId: 'c-S7', resources });
    expect(roster.get('c-S7')).toBeUndefined();
  });
});
