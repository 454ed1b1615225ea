import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { Page, RoleView } from '@tranche/contracts';
import {
  demand,
  type ListQuery,
  ListRequest,
  LISTS,
  type Permits,
  permitsOf,
  ProblemError,
  unknown,
} from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { RoleConfigs } from '../roles/role-configs.js';
import { type RoleSummary, summarizeRoles } from '../roles/role-summary.js';
import { RoleUsage } from '../usage/role-usage.js';
import { roleView } from './role-view.js';

/** `/v1/roles`: what is set for each role, and what it has. */
@Controller('v1/roles')
export class RolesApiController {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
  ) {}

  /** By name. */
  @Get()
  list(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<RoleView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.roles);
    const roles = this.summaries(permits)
      .filter(({ name }) => permits.may('view_roles', name) && list.passes('name', name))
      .filter(({ frameworkIds }) => list.passes('frameworkId', ...frameworkIds));
    const entries = roles.map((entry) => ({ entry, rank: 0, key: entry.name }));
    return list.page(entries, this.usage.revision + this.configs.revision, roleView);
  }

  /** The `ETag` changes with what operators set. @throws ProblemError 403; 404 when nothing names the role */
  @Get('*')
  one(@Param('*') name: string, @Req() request: FastifyRequest): RoleView {
    const permits = permitsOf(request);
    demand(permits, ['view_roles', name]);
    const role = this.summaries(permits).find((one) => one.name === name);
    if (role !== undefined) return roleView(role);
    throw new ProblemError(unknown('role', `no framework, quota, weight or reservation names the role ${name}`));
  }

  /** Of the frameworks in a role only those that the caller may see are told. */
  private summaries(permits: Permits): RoleSummary[] {
    const roles = summarizeRoles(this.configs, this.usage);
    if (permits.isOpen) return roles;
    const isSeen = (id: string): boolean => permits.may('view_frameworks', this.usage.userOfFramework(id));
    return roles.map((role) => ({ ...role, frameworkIds: role.frameworkIds.filter(isSeen) }));
  }
}
