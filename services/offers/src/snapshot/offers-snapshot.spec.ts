import { describe, expect, it } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { removeFramework } from '../frameworks/remove-framework.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { agentRecord, offer, scalar, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { offersSnapshot } from './offers-snapshot.js';

describe('offersSnapshot', () => {
  it('tells everything that is known, and what is held by whom', async () => {
    const context = scene();
    const { framework } = subscribe(context);
    const gone = subscribe(context, { name: 'gone' });
    removeFramework(context, gone.framework, 'torn down');
    const accept = {
      offer_ids: [{ value: offer(context, framework, { cpus: 0.5, mem: 32 }) }],
      operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
    };
    await acceptOffers(context, framework, accept, 'trace');
    offer(context, framework, { agentId: 'S2', cpus: 1, mem: 8 });
    const snapshot = offersSnapshot(context.state, true);
    expect(snapshot.frameworks.map(({ info, state }) => [info.name, state])).toEqual([
      ['gone', 'removed'],
      ['f', 'connected'],
    ]);
    expect(snapshot.tasks).toMatchObject([{ task: { taskId: 't1' }, completed: false }]);
    expect(snapshot.offers).toMatchObject([{ agentId: 'S2' }]);
    const held = { frameworkId: framework.frameworkId, role: 'web' };
    expect(snapshot.held).toEqual([
      { ...held, agentId: 'S2', resources: [scalar('cpus', 1), scalar('mem', 8)] },
      { ...held, agentId: 'S1', resources: [scalar('cpus', 0.5), scalar('mem', 32)] },
    ]);
    expect(snapshot).toMatchObject({ seenEpoch: 'E', seenRun: 1 });
  });

  it('names only agents whose tasks are all known as reconciled', () => {
    const context = scene();
    context.state.agents.set(agentOf(agentRecord({ agentId: 'S3', state: 'deactivated' }), true));
    context.state.agents.set(agentOf(agentRecord({ agentId: 'S4', state: 'unreachable' })));
    const snapshot = offersSnapshot(context.state, false);
    expect(snapshot.reconciledAgents).toEqual(['S1', 'S2']);
    expect([snapshot.tasks, snapshot.offers]).toEqual([[], []]);
  });
});
