import { isIn } from '@tranche/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { PlainCluster, sorted, step, STEPS } from '../model/cluster-steps.fakes.js';
import type { ClusterDocuments } from './cluster-documents.js';
import { documentsOf } from './documents.fakes.js';
import type { JsonBody } from './json-body.js';

const read = (body: JsonBody): unknown => sorted(JSON.parse(Buffer.concat(body.chunks).toString()));

const readAll = (documents: ClusterDocuments): unknown[] => {
  documents.refresh();
  return [documents.state(), documents.stateSummary(), documents.slaves()].map(read);
};

const LIMITS = { maxCompletedFrameworks: 100, maxCompletedTasksPerFramework: 1_000 };

describe('ClusterDocuments', () => {
  it('are after any facts what they would be if rendered from scratch', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const cluster = new PlainCluster();
        const model = new ClusterModel(LIMITS);
        const documents = documentsOf(model);
        for (const one of steps) {
          if (one.kind === 'read') readAll(documents);
          else STEPS[one.kind](cluster, model, one);
        }
        const fresh = new ClusterModel(LIMITS);
        for (const record of cluster.agents.values()) fresh.agents.agentChanged(knownAgent(record));
        fresh.replace({
          asOf: { source: 's', numbers: {} },
          frameworks: [...cluster.frameworks.values()],
          tasks: cluster.tasks,
          offers: [...cluster.offers.values()],
          held: [],
        });
        expect(readAll(documents)).toEqual(readAll(documentsOf(fresh)));
      }),
    );
  });

  it('are after a snapshot what they are in a registry that has just started', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const cluster = new PlainCluster();
        const model = new ClusterModel(LIMITS);
        const documents = documentsOf(model);
        for (const one of steps) if (one.kind !== 'read') STEPS[one.kind](cluster, model, one);
        readAll(documents);
        const empty = { asOf: { source: 's', numbers: {} }, frameworks: [], tasks: [], offers: [], held: [] };
        model.replace(empty);
        const fresh = new ClusterModel(LIMITS);
        for (const record of cluster.agents.values()) fresh.agents.agentChanged(knownAgent(record));
        expect(readAll(documents)).toEqual(readAll(documentsOf(fresh)));
      }),
    );
  });

  it('are after a snapshot of one partition what they are without what it does not contain', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const cluster = new PlainCluster();
        const model = new ClusterModel(LIMITS);
        const documents = documentsOf(model);
        for (const one of steps) if (one.kind !== 'read') STEPS[one.kind](cluster, model, one);
        readAll(documents);
        const asOf = { source: 's', numbers: {} };
        model.replace({ asOf, frameworks: [], tasks: [], offers: [], held: [] }, { index: 0, count: 2 });
        const stays = ({ frameworkId }: { readonly frameworkId: string }): boolean =>
          isIn({ index: 1, count: 2 }, frameworkId);
        const fresh = new ClusterModel(LIMITS);
        for (const record of cluster.agents.values()) fresh.agents.agentChanged(knownAgent(record));
        fresh.replace({
          ...{ asOf, held: [] },
          frameworks: [...cluster.frameworks.values()].filter(stays),
          tasks: cluster.tasks.filter(({ task }) => stays(task)),
          offers: [...cluster.offers.values()].filter(stays),
        });
        expect(readAll(documents)).toEqual(readAll(documentsOf(fresh)));
      }),
    );
  });
});
