import { Controller, Get, Query } from '@nestjs/common';
import type { Page } from '@tranche/contracts';
import { problem, ProblemError } from '@tranche/http';
import { RoleConfigs } from '../roles/role-configs.js';
import { summarizeRoles } from '../roles/role-summary.js';
import { compareBytes } from '@tranche/resources';
import { RoleUsage } from '../usage/role-usage.js';
import { type RoleView, roleView } from './role-view.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** `GET /v1/roles?limit=&after=`: by name; `after` is the name that the page before ended with. */
@Controller('v1/roles')
export class RolesApiController {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
  ) {}

  @Get()
  list(@Query('limit') limitText?: string, @Query('after') after?: string): Page<RoleView> {
    const limit = limitText === undefined ? DEFAULT_LIMIT : Number(limitText);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      const message = `must be an integer from 1 to ${MAX_LIMIT}`;
      const errors = [{ path: 'limit', message, value: limitText }];
      throw new ProblemError(problem(400, 'request.malformed', 'Malformed request', `limit ${message}`, { errors }));
    }
    const roles = summarizeRoles(this.configs, this.usage);
    const rest = after === undefined ? roles : roles.filter((role) => compareBytes(role.name, after) > 0);
    const items = rest.slice(0, limit).map(roleView);
    const last = items.at(-1);
    return {
      items,
      ...(rest.length > limit && last !== undefined ? { next: last.name } : {}),
      asOf: this.usage.revision + this.configs.revision,
    };
  }
}
