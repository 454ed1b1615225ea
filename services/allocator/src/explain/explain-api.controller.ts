import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { AgentExplanationView, ExplanationView, RoleExplanationView } from '@tranche/contracts';
import {
  demand,
  demandAll,
  Flag,
  malformed,
  mayAll,
  permitsOf,
  ProblemError,
  type RequestQuery,
  sightOf,
  unknown,
} from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { ClusterRecords } from './cluster-records.js';
import { ExplainCluster } from './explain-cluster.js';
import { withoutOthers } from './explain-sight.js';
import { FunnelHistory } from './funnel-history.js';
import { readShapeQuery } from './shape-query.js';

/** What explanations of the whole cluster, or of one agent, name. */
const EXPLAINED = ['view_frameworks', 'view_roles'] as const;

/** Why somebody gets resources, or none. */
@Controller('v1/explain')
export class ExplainApiController {
  constructor(
    @Inject(ExplainCluster) private readonly explain: ExplainCluster,
    @Inject(ClusterRecords) private readonly records: ClusterRecords,
    @Inject(FunnelHistory) private readonly history: FunnelHistory,
  ) {}

  /** For a shape, `?cpus=4&memBytes=…&ports=2&role=R&where=rack=r1`. */
  @Get()
  shape(@Query() query: RequestQuery, @Req() request: FastifyRequest): ExplanationView {
    demandAll(permitsOf(request), EXPLAINED);
    const asked = readShapeQuery(query);
    if ('status' in asked) throw new ProblemError(asked);
    return this.explain.shape(asked);
  }

  /**
   * @param role default the framework's first
   * @param sinceMs how far back its funnels are told
   */
  @Get('frameworks/:id')
  framework(
    @Param('id') id: string,
    @Query('role') role: string | undefined,
    @Query('sinceMs') sinceMs: string | undefined,
    @Flag('agents') withAgents: boolean,
    @Req() request: FastifyRequest,
  ): ExplanationView {
    if (sinceMs !== undefined && !/^\d{1,12}$/u.test(sinceMs)) {
      throw new ProblemError(
        malformed([{ path: 'sinceMs', message: 'must be a number of milliseconds', value: sinceMs }]),
      );
    }
    const record = this.records.findFramework(id);
    const permits = permitsOf(request);
    const sight = sightOf(permits);
    const isSeen = record !== undefined && sight?.framework(record.info.user) !== false;
    if (!isSeen) throw new ProblemError(unknown('framework', `no framework has the id ${id}`));
    const asked = role ?? record.roles[0] ?? '*';
    demand(permits, ['view_roles', asked]);
    const view = this.explain.framework(record, asked, withAgents, sight);
    if (sinceMs === undefined) return view;
    const fromMs = Date.parse(view.asOf.at) - Number(sinceMs);
    const history = this.history.since(id, asked, fromMs);
    return { ...view, history: mayAll(permits, EXPLAINED) ? history : withoutOthers(history) };
  }

  @Get('agents/:id')
  agent(@Param('id') id: string, @Req() request: FastifyRequest): AgentExplanationView {
    demandAll(permitsOf(request), EXPLAINED);
    const record = this.records.findAgent(id);
    if (record === undefined) throw new ProblemError(unknown('agent', `no agent has the id ${id}`));
    return this.explain.agent(record);
  }

  /** Names of nested roles have slashes. */
  @Get('roles/*')
  role(@Param('*') role: string, @Req() request: FastifyRequest): RoleExplanationView {
    const permits = permitsOf(request);
    demand(permits, ['view_roles', role]);
    const account = this.explain.role(role, sightOf(permits));
    if (account === undefined) {
      throw new ProblemError(unknown('role', `role ${role} has no framework, reservation, quota or weight`));
    }
    return account;
  }
}
