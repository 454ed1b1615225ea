import { type ListQuery, ListRequest, LISTS } from '@tranche/http';
import { describe, expect, it } from 'vitest';
import { agentRecord } from '../agents/agents.fakes.js';
import { isWantedAgent } from './agent-filters.js';

const AGENT = agentRecord({
  ...{ agentId: 'c-S1', hostname: 'n1', state: 'active', version: '1.2.0' },
  domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-1' } } },
  attributes: [
    { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
    { name: 'gen', type: 'SCALAR', scalar: { value: 2 } },
  ],
});
const wants = (query: ListQuery, agent = AGENT): boolean => isWantedAgent(new ListRequest(query, LISTS.agents), agent);

describe('the filters of agents', () => {
  it.each([
    {},
    { id: 'c-S1' },
    { hostname: ['n1', 'n2'] },
    { state: 'active', version: '1.2.0' },
    { region: 'eu', zone: ['eu-1', 'eu-2'] },
    { attribute: 'rack' },
    { attribute: 'rack=r1,gen=2' },
    { attribute: ['rack=r9', 'gen!=3'] },
  ])('let pass what is %j', (query) => {
    expect(wants(query)).toBe(true);
  });

  it.each([
    { id: 'c-S2' },
    { hostname: 'n' },
    { state: 'deactivated' },
    { version: '1.2' },
    { region: 'eu', zone: 'eu-2' },
    { attribute: 'row' },
    { attribute: 'rack=r1,gen=3' },
    { attribute: 'rack!=r1' },
  ])('keep back what is not %j', (query) => {
    expect(wants(query)).toBe(false);
  });

  it('keep back agents without a domain where one is asked for', () => {
    expect(wants({ zone: 'eu-1' }, agentRecord({ attributes: [] }))).toBe(false);
  });
});
