import type { AgentRecord } from '@tranche/contracts';
import { pushReservation, Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentResources } from './agent-resources.js';

const agent = (more: Partial<AgentRecord> = {}): AgentRecord => ({
  agentId: 'a',
  hostname: 'n1',
  ip: '127.0.0.1',
  port: 5051,
  version: '0.1.0',
  state: 'active',
  stateSinceMs: 0,
  resources: Resources.parse('cpus:4').toJson(),
  attributes: [],
  capabilities: [],
  registeredAtMs: 5,
  ...more,
});
const reserved = (text: string) =>
  Resources.parse(text)
    .map((resource) => pushReservation(resource, { type: 'DYNAMIC', role: 'ops' }))
    .toJson();

describe('AgentResources', () => {
  let heard: [state: string, text: string][];
  let agents: AgentResources;
  beforeEach(() => {
    heard = [];
    agents = new AgentResources(({ state, resources }) => heard.push([state, Resources.fromJson(resources).toText()]));
  });
  const total = () => Resources.fromJson(agents.get('a')?.resources ?? []).toText();

  it('follows what operations make of an agent until it registers again', () => {
    agents.registered(agent());
    const resources = [...Resources.parse('cpus:3').toJson(), ...reserved('cpus:1')];
    agents.changed({ agentId: 'a', resources });
    expect(total()).toBe('cpus:3; cpus(ops):1');
    agents.registered(agent({ reregisteredAtMs: 9 }));
    expect(total()).toBe('cpus:4');
    expect(heard).toEqual([
      ['active', 'cpus:4'],
      ['active', 'cpus:3; cpus(ops):1'],
      ['active', 'cpus:4'],
    ]);
  });

  it('adds up the shares of partitions', () => {
    agents.registered(agent());
    const share = (partition: number) => ({
      ...{ partition, asOfMs: 5 },
      minus: Resources.parse('cpus:1').toJson(),
      plus: reserved('cpus:1'),
    });
    agents.changed({ agentId: 'a', resources: [], change: share(0) });
    agents.changed({ agentId: 'a', resources: [], change: share(1) });
    agents.changed({ agentId: 'a', resources: [], change: share(1) });
    expect(total()).toBe('cpus:2; cpus(ops):2');
  });

  it('tells that an agent that goes has nothing, and knows nothing of strangers', () => {
    agents.registered(agent());
    agents.stateChanged({ agentId: 'a', state: 'unreachable', reason: 'silent', atMs: 1 });
    agents.changed({ agentId: 'a', resources: reserved('cpus:1') });
    agents.registered(agent({ state: 'gone' }));
    expect(agents.all()).toEqual([]);
    expect(heard.at(-1)).toEqual(['removed', '']);
    expect(heard).toHaveLength(2);
  });

  it('takes the agents of a snapshot for all there are, and the totals of another', () => {
    agents.registered(agent({ agentId: 'old' }));
    agents.replaceAgents([agent()]);
    agents.replaceTotals({ totals: [{ agentId: 'a', resources: reserved('cpus:4') }] });
    expect(agents.all().map(({ agentId }) => agentId)).toEqual(['a']);
    expect(total()).toBe('cpus(ops):4');
  });
});
