import { createEngine } from '@tranche/allocation';
import { authorizerOf } from '@tranche/config';
import type { FrameworkRecord } from '@tranche/contracts';
import { givePermits, permitsFor, ProblemError } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ClusterRecords } from './cluster-records.js';
import { ExplainApiController } from './explain-api.controller.js';
import { ExplainCluster } from './explain-cluster.js';
import { FunnelHistory } from './funnel-history.js';

const clock = { nowMs: () => 1_000_000 };
const record: FrameworkRecord = {
  frameworkId: 'f',
  info: { user: 'u', name: 'mine', roles: ['r', 'secret'] },
  state: 'connected',
  active: true,
  roles: ['r', 'secret'],
  suppressedRoles: [],
  registeredAtMs: 0,
};

/** One framework, in role r and another that `dev` may not see. */
function controller(): ExplainApiController {
  const records = new ClusterRecords();
  records.framework(record);
  const runs = { lastRunMs: 0, intervalMs: 1000 };
  const explain = new ExplainCluster(createEngine({ random: () => 0.5 }), records, runs, clock);
  const text = 'to secret 3';
  const funnel = [{ code: 'agent.reserved', agents: 3, left: 0, text, also: [] }];
  const history = new FunnelHistory(records, () => ({ agents: 3, offered: { agents: 0, amounts: {} }, funnel }), clock);
  history.sample();
  return new ExplainApiController(explain, records, history);
}

function requestOf(principal: string): FastifyRequest {
  const request = {} as FastifyRequest;
  const any = { principals: { values: ['ops'] }, roles: { type: 'ANY' } };
  const view_roles = [any, { principals: { values: ['dev'] }, roles: { values: ['r'] } }];
  const view_frameworks = [{ principals: { type: 'ANY' }, users: { type: 'ANY' } }];
  const acls = { permissive: false, view_roles, view_frameworks };
  givePermits(request, permitsFor(authorizerOf({ authAcls: JSON.stringify(acls) }), principal));
  return request;
}

const askedBy = (principal: string, role?: string) =>
  controller().framework('f', role, '1000000', false, requestOf(principal));

describe('GET /v1/explain/frameworks/ID', () => {
  it('is of a role that the caller may see', () => {
    expect(askedBy('dev')).toMatchObject({ frameworkId: 'f', role: 'r' });
    expect(askedBy('ops', 'secret')).toMatchObject({ role: 'secret' });
    for (const role of ['secret', 'no-such-role']) {
      expect(() => askedBy('dev', role)).toThrow(ProblemError);
      expect(() => askedBy('dev', role)).toThrow(`view_roles of role "${role}"`);
    }
  });

  it('tells how it was without the names that stood there, to who may not see all', () => {
    expect(askedBy('ops').history).toMatchObject([{ funnel: [{ agents: 3, text: 'to secret 3' }] }]);
    expect(askedBy('dev').history).toMatchObject([{ funnel: [{ agents: 3, text: 'others' }] }]);
  });
});
