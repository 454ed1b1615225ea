import type { AgentChange } from '@tranche/contracts';
import { changeOf, pushReservation, Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { agentRecord, offer, scalar, type Scene, scene, subscribe } from '../testing/offers.fakes.js';
import { agentOf } from './agent.js';
import { AgentTotals } from './agent-totals.js';
import { registerAgent } from './register-agent.js';
import { takeChange } from './take-change.js';

const PARTITION = { index: 0, count: 2 };
const reserved = Resources.parse('cpus:1').map((one) => pushReservation(one, { type: 'DYNAMIC', role: 'web' }));

/** Partition 0 of two. */
function cutScene(): Scene {
  const context = scene();
  const totals = new AgentTotals(context.state.agents, PARTITION);
  return { ...context, state: { ...context.state, partition: PARTITION, totals } };
}

const change = (more: Partial<AgentChange> = {}): AgentChange => ({
  ...{ partition: 1, asOfMs: agentRecord().registeredAtMs },
  ...{ minus: [scalar('cpus', 1)], plus: reserved.toJson() },
  ...more,
});
const cpusOf = ({ state }: Scene): string =>
  state.totals
    .of('S1')
    .filter(({ name }) => name === 'cpus')
    .toText();

describe('takeChange', () => {
  it('adds what another partition has made of an agent, and forgets it when that is undone', () => {
    const context = cutScene();
    const before = cpusOf(context);
    takeChange(context, { agentId: 'S1', resources: [], change: change() });
    expect(cpusOf(context)).toContain('cpus(web):1');
    takeChange(context, { agentId: 'S1', resources: [], change: change({ minus: [], plus: [] }) });
    expect(cpusOf(context)).toBe(before);
  });

  it('rescinds offers of what is no longer there', () => {
    const context = cutScene();
    const { framework, stream } = subscribe(context);
    takeChange(context, { agentId: 'S1', resources: [], change: change() });
    const id = offer(context, framework);
    const [made] = context.state.offers.all();
    Object.assign(made ?? {}, { held: reserved.toJson() });
    stream.take();
    takeChange(context, { agentId: 'S1', resources: [], change: change({ minus: [], plus: [] }) });
    expect(stream.take()).toEqual([{ type: 'RESCIND', rescind: { offer_id: { value: id } } }]);
  });

  it.each([
    ['its own', { agentId: 'S1', resources: [], change: change({ partition: 0 }) }],
    ['of an agent that is not known', { agentId: 'S9', resources: [], change: change() }],
    ['of an earlier registration', { agentId: 'S1', resources: [], change: change({ asOfMs: -1 }) }],
  ])('ignores what is %s', (_what, stated) => {
    const context = cutScene();
    const before = cpusOf(context);
    takeChange(context, stated);
    expect(cpusOf(context)).toBe(before);
  });

  it('counts no more when the agent has registered again, and tells the allocator of our share alone', () => {
    const context = cutScene();
    takeChange(context, { agentId: 'S1', resources: [], change: change() });
    const agent = agentRecord({ reregisteredAtMs: 5_000 });
    registerAgent(context, { agent, reregistered: true, tasks: [], frameworks: [] });
    expect(cpusOf(context)).not.toContain('web');
    const known = context.state.agents.get('S1')?.record ?? agentOf(agent).record;
    expect(changeOf(known, 0)).toEqual({ partition: 0, asOfMs: 5_000, minus: [], plus: [] });
    expect(context.allocator.usages.at(-1)).toMatchObject({ held: [], change: { partition: 0, asOfMs: 5_000 } });
  });
});
