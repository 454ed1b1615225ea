import { createHash } from 'node:crypto';
import { Controller, Delete, Get, Headers, Param, Patch, Put, Query, Req, Res } from '@nestjs/common';
import type { Page, QuotaChangeView, QuotaView, RoleConfig } from '@tranche/contracts';
import {
  demand,
  Flag,
  jsonBody,
  type ListQuery,
  ListRequest,
  LISTS,
  permitsOf,
  problem,
  ProblemError,
  unknown,
} from '@tranche/http';
import { compareBytes } from '@tranche/resources';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { QuotaObstacle } from '../quotas/check-quotas.js';
import { parseQuotaConfig } from '../quotas/parse-quota.js';
import { hasQuota, quotaOf, withQuota } from '../quotas/quota.js';
import { SetQuotas } from '../quotas/set-quotas.js';
import { RoleConfigs } from '../roles/role-configs.js';
import { RoleUsage } from '../usage/role-usage.js';
import { obstacleProblem } from './obstacle-problem.js';
import { patched, QuotaBody, QuotaPatch, scalarsOf } from './quota-amounts.js';
import { quotaFault } from './quota-fault.js';
import { amountsOf } from './role-view.js';

interface ChangeTerms {
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** `/v1/quotas`: what roles are guaranteed and may not exceed. */
@Controller('v1/quotas')
export class QuotasApiController {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
    private readonly quotas: SetQuotas,
  ) {}

  /** Roles that have one, by name. */
  @Get()
  list(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<QuotaView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.quotas);
    const entries = this.configs
      .all()
      .filter((config) => hasQuota(config) && permits.may('get_quotas', config.name))
      .filter(({ name }) => list.passes('role', name))
      .map((entry) => ({ entry, rank: 0, key: entry.name }));
    return list.page(entries, this.usage.revision + this.configs.revision, (role) => this.view(role));
  }

  /** @throws ProblemError 403; 404 when the role has none */
  @Get(':role')
  one(
    @Param('role') role: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): QuotaView {
    demand(permitsOf(request), ['get_quotas', role]);
    const config = this.known(role);
    void reply.header('etag', etagOf(config));
    return this.view(config);
  }

  /** The whole quota is as the body says. @throws ProblemError 400, 403, 409, 412 */
  @Put(':role')
  put(
    @Param('role') role: string,
    @Flag('force') force: boolean,
    @Flag('dryRun') dryRun: boolean,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotaChangeView> {
    demand(permitsOf(request), ['update_quotas', role]);
    const { guarantee, limit } = jsonBody(request, QuotaBody);
    return this.change(
      { role, guarantees: scalarsOf(guarantee), limits: scalarsOf(limit) },
      { force, dryRun },
      ifMatch,
      reply,
    );
  }

  /** What the body leaves out stays. @throws ProblemError 400, 403, 409, 412 */
  @Patch(':role')
  patch(
    @Param('role') role: string,
    @Flag('force') force: boolean,
    @Flag('dryRun') dryRun: boolean,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotaChangeView> {
    demand(permitsOf(request), ['update_quotas', role]);
    const changes = jsonBody(request, QuotaPatch);
    const config = this.configs.get(role);
    const now = this.view(config);
    const guarantees = scalarsOf(patched(now.guarantee, changes.guarantee));
    const limits = scalarsOf(patched(now.limit, changes.limit));
    return this.change({ role, guarantees, limits }, { force, dryRun }, ifMatch ?? etagOf(config), reply);
  }

  /** @throws ProblemError 403, 404, 412 */
  @Delete(':role')
  remove(
    @Param('role') role: string,
    @Flag('dryRun') dryRun: boolean,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotaChangeView> {
    demand(permitsOf(request), ['update_quotas', role]);
    this.known(role);
    return this.change({ role }, { force: true, dryRun }, ifMatch, reply);
  }

  private async change(
    config: Parameters<typeof parseQuotaConfig>[0],
    terms: ChangeTerms,
    ifMatch: string | undefined,
    reply: FastifyReply,
  ): Promise<QuotaChangeView> {
    const parsed = parseQuotaConfig(config);
    if (!parsed.ok) throw new ProblemError(quotaFault(config, parsed.error));
    const expected =
      ifMatch === undefined || ifMatch === '*'
        ? undefined
        : (now: RoleConfig) => ifMatch.split(',').some((tag) => tag.trim() === etagOf(now));
    const outcome = await this.quotas.update([parsed.quota], terms, expected);
    if (!outcome.ok) throw refusal(outcome.obstacle);
    const after = withQuota(this.configs.get(config.role), parsed.quota);
    void reply.header('etag', etagOf(after));
    return { ...this.view(after), effects: { rescindedOffers: outcome.rescinds } };
  }

  private known(role: string): RoleConfig {
    const config = this.configs.get(role);
    if (hasQuota(config)) return config;
    throw new ProblemError(unknown('quota', `role ${role} has no quota`));
  }

  private view({ name, guaranteesMilli = {}, limitsMilli = {} }: RoleConfig): QuotaView {
    return {
      role: name,
      guarantee: amountsOf(Object.entries(guaranteesMilli)),
      limit: amountsOf(Object.entries(limitsMilli)),
      consumed: amountsOf(this.usage.consumedBy(name)),
    };
  }
}

/** Changes when the quota does. */
function etagOf(role: RoleConfig): string {
  const { guaranteesMilli, limitsMilli } = quotaOf(role);
  const sorted = [guaranteesMilli, limitsMilli].map((amounts) =>
    Object.entries(amounts).toSorted(([a], [b]) => compareBytes(a, b)),
  );
  return `"${createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16)}"`;
}

function refusal(obstacle: QuotaObstacle | { readonly kind: 'changed-meanwhile'; readonly now: RoleConfig }) {
  if (obstacle.kind !== 'changed-meanwhile') return new ProblemError(obstacleProblem(obstacle));
  const { now } = obstacle;
  const detail = `the quota of role ${now.name} is ${etagOf(now)} now: it was changed meanwhile by Mesos' API`;
  return new ProblemError(problem(412, 'quota.changed', 'Quota has changed', detail));
}
