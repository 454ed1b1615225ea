import type { Sight } from '@tranche/http';
import { decodeBody, encodeBody, type MediaType, messageTypes } from '@tranche/mesos-api';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterModel } from '../model/cluster-model.js';
import { PlainCluster, sorted, step, type Step, STEPS } from '../model/cluster-steps.fakes.js';
import { frameworkRecord, taskRecord } from '../model/model.fakes.js';
import { RenderedState } from '../operator-api/rendered-state.js';
import { getState } from '../operator-api/state-calls.js';
import { documentsOf } from './documents.fakes.js';
import type { JsonBody } from './json-body.js';

const LIMITS = { maxCompletedFrameworks: 100, maxCompletedTasksPerFramework: 1_000 };
const EVERYTHING: Sight = {
  framework: () => true,
  task: () => true,
  executor: () => true,
  role: () => true,
  resource: () => true,
};
const NOTHING: Sight = {
  framework: () => false,
  task: () => false,
  executor: () => false,
  role: () => false,
  resource: () => false,
};
const read = (body: JsonBody): unknown => sorted(JSON.parse(Buffer.concat(body.chunks).toString()));

function modelAfter(steps: readonly Step[]): ClusterModel {
  const cluster = new PlainCluster();
  const model = new ClusterModel(LIMITS);
  for (const one of steps) if (one.kind !== 'read') STEPS[one.kind](cluster, model, one);
  return model;
}

const after = fc.array(step, { maxLength: 60, size: 'max' });

describe('what is rendered for one reader', () => {
  it('is what is kept for all, when the reader may see everything', async () => {
    await fc.assert(
      fc.asyncProperty(after, async (steps) => {
        const documents = documentsOf(modelAfter(steps));
        documents.refresh();
        const seen = [
          await documents.seenState(EVERYTHING, true),
          await documents.seenSummary(EVERYTHING, true),
          await documents.seenSlaves(EVERYTHING, undefined),
        ];
        const kept = [documents.state(), documents.stateSummary(), documents.slaves()];
        expect(seen.map(read)).toEqual(kept.map(read));
      }),
    );
  });

  it.each<MediaType>(['application/json', 'application/x-protobuf'])('is so in %s, too', async (mediaType) => {
    const { MasterResponse: RESPONSE } = messageTypes;
    await fc.assert(
      fc.asyncProperty(after, fc.constantFrom(EVERYTHING, NOTHING), async (steps, sight) => {
        const model = modelAfter(steps);
        const rendered = new RenderedState(model, documentsOf(model));
        const body = Buffer.concat([...(await rendered.body(mediaType, sight))]);
        const expected = encodeBody(RESPONSE, mediaType, { type: 'GET_STATE', get_state: getState(model, sight) });
        expect(sorted(decodeBody(RESPONSE, mediaType, body))).toEqual(
          sorted(decodeBody(RESPONSE, mediaType, expected)),
        );
      }),
    );
  });

  it('shows agents, and no framework, to who may see none', async () => {
    const model = modelAfter([]);
    model.applyFramework({ framework: frameworkRecord() });
    model.applyLaunch({ task: taskRecord() });
    const documents = documentsOf(model);
    expect(read(await documents.seenState(NOTHING, false))).toMatchObject({ frameworks: [], completed_frameworks: [] });
  });

  it('gives way to others while it is made', async () => {
    const model = modelAfter([]);
    model.applyFramework({ framework: frameworkRecord() });
    for (let at = 0; at < 1_000; at++) model.applyLaunch({ task: taskRecord({ taskId: `t${at}` }) });
    let turns = 0;
    const count = (): void => void (turns++, (next = setImmediate(count)));
    let next = setImmediate(count);
    const body = await documentsOf(model).seenState(EVERYTHING, true);
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(9);
    expect((read(body) as { frameworks: { tasks: unknown[] }[] }).frameworks[0]?.tasks).toHaveLength(1_000);
  });
});
