import { Controller, Get, Query, Req } from '@nestjs/common';
import type { Page, RoleView } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, permitsOf } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { RoleConfigs } from '../roles/role-configs.js';
import { summarizeRoles } from '../roles/role-summary.js';
import { RoleUsage } from '../usage/role-usage.js';
import { roleView } from './role-view.js';

/** `GET /v1/roles`. */
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
    const roles = summarizeRoles(this.configs, this.usage).filter(({ name }) => permits.may('view_roles', name));
    const entries = roles.map((entry) => ({ entry, rank: 0, key: entry.name }));
    return list.page(entries, this.usage.revision + this.configs.revision, roleView);
  }
}
