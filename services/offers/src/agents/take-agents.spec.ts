import { describe, expect, it } from 'vitest';
import { agentRecord, offer, scene, subscribe } from '../testing/offers.fakes.js';
import { takeAgents } from './take-agents.js';

describe('takeAgents', () => {
  it('learns agents and tells the allocator what is held on those that can be reached', () => {
    const context = scene();
    takeAgents(context, [agentRecord({ agentId: 'S5' }), agentRecord({ agentId: 'S6', state: 'unreachable' })]);
    expect(context.state.agents.get('S5')?.record.state).toBe('active');
    expect(context.allocator.usages.map(({ agentId }) => agentId)).toEqual(['S5']);
  });

  it('makes good for a change of state that was missed', () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    offer(context, framework);
    stream.take();
    takeAgents(context, [agentRecord({ state: 'unreachable' })]);
    expect(stream.types()).toEqual(['RESCIND', 'FAILURE']);
  });

  it('takes a new agent that is kept from work for one that has not registered again', () => {
    const context = scene();
    takeAgents(context, [agentRecord({ agentId: 'S5', state: 'deactivated' }), agentRecord({ state: 'deactivated' })]);
    expect([context.state.agents.get('S5')?.isRecovered, context.state.agents.get('S1')?.isRecovered]).toEqual([
      true,
      false,
    ]);
    expect(context.state.agents.told.whoIsUntold(undefined)).toEqual(['S5']);
  });
});
