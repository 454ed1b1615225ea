import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { AgentExplanationView, ExplanationView, RoleExplanationView } from '@tranche/contracts';
import { problem, ProblemError } from '@tranche/http';
import { ClusterRecords } from './cluster-records.js';
import { ExplainCluster } from './explain-cluster.js';
import { type Query as ShapeParameters, readShapeQuery } from './shape-query.js';

/** Why somebody gets resources, or none. */
@Controller('v1/explain')
export class ExplainApiController {
  constructor(
    @Inject(ExplainCluster) private readonly explain: ExplainCluster,
    @Inject(ClusterRecords) private readonly records: ClusterRecords,
  ) {}

  /** For a shape, `?cpus=4&memBytes=…&ports=2&role=R&where=rack=r1`. */
  @Get()
  shape(@Query() query: ShapeParameters): ExplanationView {
    const asked = readShapeQuery(query);
    if ('status' in asked) throw new ProblemError(asked);
    return this.explain.shape(asked);
  }

  /** @param role default the framework's first */
  @Get('frameworks/:id')
  framework(
    @Param('id') id: string,
    @Query('role') role: string | undefined,
    @Query('agents') agents: string | undefined,
  ): ExplanationView {
    const record = this.records.findFramework(id);
    if (record === undefined) throw unknown('framework', id);
    return this.explain.framework(record, role ?? record.roles[0] ?? '*', agents === 'true');
  }

  @Get('agents/:id')
  agent(@Param('id') id: string): AgentExplanationView {
    const record = this.records.findAgent(id);
    if (record === undefined) throw unknown('agent', id);
    return this.explain.agent(record);
  }

  /** Names of nested roles have slashes. */
  @Get('roles/*role')
  role(@Param('role') name: string | string[]): RoleExplanationView {
    const role = Array.isArray(name) ? name.join('/') : name;
    const account = this.explain.role(role);
    if (account === undefined) throw unknown('role', role);
    return account;
  }
}

function unknown(noun: 'framework' | 'agent' | 'role', name: string): ProblemError {
  const title = `${noun[0]?.toUpperCase()}${noun.slice(1)} not found`;
  const what =
    noun === 'role' ? `role ${name} has no framework, reservation, quota or weight` : `no ${noun} has the id ${name}`;
  return new ProblemError(problem(404, `${noun}.unknown`, title, what));
}
