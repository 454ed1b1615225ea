import { decodeBody, encodeBody, type MediaType, messageTypes } from '@tranche/mesos-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { cpus, frameworkRecord, offerRecord, status, taskRecord } from '../model/model.fakes.js';
import { RenderedState } from './rendered-state.js';
import { getState } from './state-calls.js';

describe.each<MediaType>(['application/json', 'application/x-protobuf'])('RenderedState in %s', (mediaType) => {
  let model: ClusterModel;
  let state: RenderedState;
  beforeEach(() => {
    model = new ClusterModel({ maxCompletedFrameworks: 10, maxCompletedTasksPerFramework: 10 });
    state = new RenderedState(model);
  });

  const { MasterResponse: RESPONSE, MasterEvent: EVENT } = messageTypes;
  const rendered = async (): Promise<unknown> =>
    decodeBody(RESPONSE, mediaType, Buffer.concat([...(await state.body(mediaType))]));
  /** The documents as they are encoded in one go. */
  const encoded = (): unknown => {
    const response = { type: 'GET_STATE' as const, get_state: getState(model) };
    return decodeBody(RESPONSE, mediaType, encodeBody(RESPONSE, mediaType, response));
  };
  const same = async (): Promise<void> => {
    const shown = await rendered();
    expect(shown).toMatchObject({ ok: true });
    expect(shown).toEqual(encoded());
    const event = Buffer.concat([...(await state.subscribed(mediaType, 15))]);
    const subscribed = { get_state: getState(model), heartbeat_interval_seconds: 15 };
    const expected = encodeBody(EVENT, mediaType, { type: 'SUBSCRIBED', subscribed });
    expect(decodeBody(EVENT, mediaType, event)).toEqual(decodeBody(EVENT, mediaType, expected));
  };
  const offer = (offerId: string) =>
    model.applyOffer({
      kind: 'made',
      offer: offerRecord({ offerId, resources: [{ ...cpus(1), allocation_info: { role: 'r' } }] }),
    });
  const update = (taskId: string, state: 'TASK_RUNNING' | 'TASK_UNREACHABLE' | 'TASK_FINISHED', completed = false) =>
    model.applyUpdate({
      ...{ frameworkId: 'f', taskId, agentId: 'c-S0', state, completed },
      status: status(state),
    });

  it('shows nothing', same);

  it('shows after each change what the documents are', async () => {
    model.agents.agentChanged(knownAgent({ resources: [cpus(4)], capabilities: ['MULTI_ROLE'] }));
    model.agents.agentChanged({ ...knownAgent({ agentId: 'c-S1' }), isRecovered: true });
    await same();
    model.applyFramework({ framework: frameworkRecord({ frameworkId: 'f' }) });
    for (const taskId of ['a', 'b', 'c'])
      model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId, resources: [cpus(1)] }) });
    await same();
    offer('o1');
    offer('o2');
    await same();
    update('a', 'TASK_RUNNING');
    update('b', 'TASK_UNREACHABLE');
    update('c', 'TASK_FINISHED', true);
    model.applyOffer({ kind: 'ended', offerId: 'o1', outcome: 'declined' });
    await same();
    model.applyFramework({
      framework: frameworkRecord({ frameworkId: 'f', state: 'removed', active: false, unregisteredAtMs: 9 }),
    });
    await same();
  });

  it('renders again only what has changed', async () => {
    model.agents.agentChanged(knownAgent());
    model.applyFramework({ framework: frameworkRecord({ frameworkId: 'f' }) });
    for (let i = 0; i < 300; i++) model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId: `t${i}` }) });
    const before = new Set(await state.body(mediaType));
    update('t7', 'TASK_RUNNING');
    const after = await state.body(mediaType);
    const isTask = (piece: Buffer): boolean => piece.includes('t1') || piece.includes('t7');
    expect(after.filter((piece) => isTask(piece) && !before.has(piece)).length).toBeLessThan(5);
  });
});
