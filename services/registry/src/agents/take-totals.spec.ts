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

  it('ignores agents that are not known', () => {
    const roster = new AgentRoster('c');
    new TakeTotals(roster).execute({ agentId: 'c-S7', resources });
    expect(roster.get('c-S7')).toBeUndefined();
  });
});
