import { decodeBody, encodeBody, type MediaType, messageTypes } from '@tranche/mesos-api';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import type { ClusterDocuments } from '../documents/cluster-documents.js';
import { documentsOf } from '../documents/documents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { cpus, frameworkRecord, offerRecord, status, taskRecord } from '../model/model.fakes.js';
import { PlainCluster, sorted, step, STEPS } from '../model/cluster-steps.fakes.js';
import { RenderedState } from './rendered-state.js';
import { getState } from './state-calls.js';

const NOTHING = { asOf: { source: 's', numbers: {} }, frameworks: [], tasks: [], offers: [], held: [] };

describe.each<MediaType>(['application/json', 'application/x-protobuf'])('RenderedState in %s', (mediaType) => {
  let model: ClusterModel;
  let documents: ClusterDocuments;
  let state: RenderedState;
  beforeEach(() => {
    model = new ClusterModel({ maxCompletedFrameworks: 10, maxCompletedTasksPerFramework: 10 });
    documents = documentsOf(model);
    state = new RenderedState(model, documents);
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
    expect(sorted(shown)).toEqual(sorted(encoded()));
    const event = Buffer.concat([...(await state.subscribed(mediaType, 15))]);
    const subscribed = { get_state: getState(model), heartbeat_interval_seconds: 15 };
    const expected = encodeBody(EVENT, mediaType, { type: 'SUBSCRIBED', subscribed });
    expect(sorted(decodeBody(EVENT, mediaType, event))).toEqual(sorted(decodeBody(EVENT, mediaType, expected)));
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
    expect(after.filter((piece) => isTask(piece) && !before.has(piece))).toHaveLength(1);
  });

  it('gives those who ask meanwhile one answer, of what is there after they have asked', async () => {
    model.applyFramework({ framework: frameworkRecord({ frameworkId: 'f' }) });
    for (let i = 0; i < 300; i++) model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId: `t${i}` }) });
    const first = state.body(mediaType);
    await new Promise((resolve) => setImmediate(resolve));
    model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId: 'late' }) });
    const [early, ...late] = await Promise.all([first, state.body(mediaType), state.body(mediaType)]);
    const hasLate = (pieces: readonly Buffer[]): boolean => Buffer.concat([...pieces]).includes('late');
    expect([early, ...late].map(hasLate)).toEqual([false, true, true]);
    expect(late[0]?.every((piece) => piece.length < 1_000 || late[1]?.includes(piece))).toBe(true);
  });

  it('says when it is that what is shown was there', async () => {
    let seen: number | undefined;
    model.applyFramework({ framework: frameworkRecord({ frameworkId: 'f' }) });
    const first = state.body(mediaType);
    const subscribed = state.subscribed(mediaType, 15, () => (seen = [...model.allTasks()].length));
    model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId: 'a' }) });
    await first;
    expect(Buffer.concat([...(await subscribed)]).includes('a')).toBe(true);
    expect(seen).toBe(1);
  });

  it('keeps nothing that nobody reads for a long time, and shows it again whole', async () => {
    model.agents.agentChanged(knownAgent());
    model.applyFramework({ framework: frameworkRecord({ frameworkId: 'f' }) });
    const launch = (taskId: string) => {
      model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId }) });
      update(taskId, 'TASK_FINISHED', true);
    };
    launch('first');
    const before = await state.body(mediaType);
    for (let i = 0; i < 6_000; i++) {
      launch(`t${i}`);
      if (i % 100 === 0) documents.refresh();
    }
    const after = await state.body(mediaType);
    expect(after.filter((piece) => piece.length > 100 && before.includes(piece))).toEqual([]);
    await same();
  });

  it('shows after any facts what the documents are', async () => {
    const all = fc.array(fc.record({ step, isSnapshot: fc.boolean() }), { maxLength: 60, size: 'max' });
    await fc.assert(
      fc.asyncProperty(all, async (steps) => {
        const cluster = new PlainCluster();
        const any = new ClusterModel({ maxCompletedFrameworks: 100, maxCompletedTasksPerFramework: 100 });
        const shown = new RenderedState(any, documentsOf(any));
        for (const { step: one, isSnapshot } of steps) {
          if (one.kind !== 'read') STEPS[one.kind](cluster, any, one);
          else if (isSnapshot) any.replace({ ...NOTHING }, { index: 0, count: 2 });
          else await shown.body(mediaType);
        }
        const response = { type: 'GET_STATE' as const, get_state: getState(any) };
        const body = decodeBody(RESPONSE, mediaType, Buffer.concat([...(await shown.body(mediaType))]));
        const expected = decodeBody(RESPONSE, mediaType, encodeBody(RESPONSE, mediaType, response));
        expect(sorted(body)).toEqual(sorted(expected));
      }),
      { numRuns: 50 },
    );
  });
});
