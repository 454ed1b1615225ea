import { Controller, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import type { Page, WeightView } from '@tranche/contracts';
import {
  demand,
  Flag,
  jsonBody,
  type ListQuery,
  ListRequest,
  LISTS,
  malformed,
  permitsOf,
  ProblemError,
  unknown,
} from '@tranche/http';
import { roleError } from '@tranche/mesos-api';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DEFAULT_WEIGHT, RoleConfigs } from '../roles/role-configs.js';
import { SetWeights } from '../roles/set-weights.js';

const WeightBody = z.strictObject({ weight: z.number().positive() });

/** `/v1/weights`: how roles share what is left to divide. */
@Controller('v1/weights')
export class WeightsApiController {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly weights: SetWeights,
  ) {}

  /** Those that were set, by role. */
  @Get()
  list(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<WeightView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.weights);
    const entries = this.configs
      .all()
      .filter(({ name, weight }) => weight !== undefined && permits.may('view_roles', name))
      .filter(({ name }) => list.passes('role', name))
      .map((entry) => ({ entry, rank: 0, key: entry.name }));
    return list.page(entries, this.configs.revision, ({ name, weight = DEFAULT_WEIGHT }) => ({ role: name, weight }));
  }

  /** @throws ProblemError 403; 404 when none was set */
  @Get('*')
  one(@Param('*') role: string, @Req() request: FastifyRequest): WeightView {
    demand(permitsOf(request), ['view_roles', role]);
    return this.known(role);
  }

  /** @throws ProblemError 400, 403 */
  @Put('*')
  async put(
    @Param('*') role: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
  ): Promise<WeightView> {
    demand(permitsOf(request), ['update_weights', role]);
    const { weight } = jsonBody(request, WeightBody);
    const invalid = roleError(role);
    if (invalid !== undefined) throw new ProblemError(malformed([{ path: 'role', message: invalid, value: role }]));
    if (!isTrial) await this.weights.execute([{ role, weight }]);
    return { role, weight };
  }

  /** Back to 1. @throws ProblemError 403; 404 when none was set */
  @Delete('*')
  async remove(
    @Param('*') role: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
  ): Promise<WeightView> {
    demand(permitsOf(request), ['update_weights', role]);
    this.known(role);
    if (!isTrial) await this.weights.remove(role);
    return { role, weight: DEFAULT_WEIGHT };
  }

  private known(role: string): WeightView {
    const { weight } = this.configs.get(role);
    if (weight === undefined)
      throw new ProblemError(unknown('weight', `no weight was set for role ${role}; it counts 1`));
    return { role, weight };
  }
}
