import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { agentRecord, offer, scalar, scene, subscribe } from '../testing/offers.fakes.js';
import { makeOffers } from './make-offers.js';

const item = (more = {}) => ({
  frameworkId: 'C-0000',
  role: 'web',
  agentId: 'S1',
  resources: [scalar('cpus', 1)],
  epoch: 'E',
  run: 1,
  ...more,
});

describe('makeOffers', () => {
  it('writes one OFFERS event per framework and keeps the resources as held', () => {
    const context = scene();
    const { stream } = subscribe(context);
    makeOffers(context, context.expiry, [item(), item({ agentId: 'S2', run: 2 })]);
    const events = stream.take();
    expect(events).toHaveLength(1);
    expect(events[0]?.offers?.offers?.map(({ id, agent_id }) => [id.value, agent_id.value])).toEqual([
      ['C-O0', 'S1'],
      ['C-O1', 'S2'],
    ]);
    expect(context.state.seenAllocation).toEqual({ epoch: 'E', run: 2 });
    expect(context.allocator.recovered).toEqual([]);
  });

  it.each([
    ['a framework that is not known', { frameworkId: 'X' }],
    ['a role that it is not in', { role: 'other' }],
    ['an agent that is not known', { agentId: 'S9' }],
    ['an agent that takes no work', { agentId: 'S3' }],
  ])('gives back at once what is for %s', (_what, more) => {
    const context = scene();
    context.state.agents.set(agentOf(agentRecord({ agentId: 'S3', state: 'deactivated' })));
    const { stream } = subscribe(context);
    makeOffers(context, context.expiry, [item(more)]);
    expect(stream.take()).toEqual([]);
    const { frameworkId, role, agentId, resources } = item(more);
    expect(context.allocator.recovered).toEqual([{ frameworkId, role, agentId, resources }]);
  });

  it('shows roles only to frameworks with MULTI_ROLE, and the old resource format to those without refinement', () => {
    const context = scene();
    const reserved: Resource = { ...scalar('mem', 5), reservations: [{ type: 'DYNAMIC', role: 'web' }] };
    context.state.totals.set('S1', [scalar('cpus', 1), reserved]);
    const { stream } = subscribe(context, { roles: [], role: 'web', capabilities: [] });
    makeOffers(context, context.expiry, [
      item({
        resources: [scalar('cpus', 1), reserved],
      }),
    ]);
    const [made] = stream.take()[0]?.offers?.offers ?? [];
    expect(made).not.toHaveProperty('allocation_info');
    expect(made?.resources).toEqual([
      { ...scalar('cpus', 1), role: '*' },
      { ...scalar('mem', 5), role: 'web', reservation: {} },
    ]);
  });

  it('is followed by RESCIND and a return without filter when nobody answers in time', () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    const first = offer(context, framework);
    context.clock.advance(30_000);
    const second = offer(context, framework);
    stream.take();
    context.clock.advance(30_000);
    expect(stream.take()).toEqual([{ type: 'RESCIND', rescind: { offer_id: { value: first } } }]);
    expect(context.changes.ended).toEqual([[first, 'expired']]);
    expect(context.allocator.recovered[0]).not.toHaveProperty('refuseSeconds');
    context.clock.advance(30_000);
    expect(stream.take()).toEqual([{ type: 'RESCIND', rescind: { offer_id: { value: second } } }]);
  });
});
