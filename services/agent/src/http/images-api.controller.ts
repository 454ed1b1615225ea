import { Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { AgentPruneView, ImageView, Page } from '@tranche/contracts';
import {
  demand,
  Flag,
  jsonBody,
  type ListQuery,
  ListRequest,
  LISTS,
  newestMs,
  permitsOf,
  problem,
  ProblemError,
} from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImageError } from '../images/image.errors.js';
import { ImageList } from './image-list.js';

const PruneBody = z.strictObject({ unused: z.boolean().optional(), excludedImages: z.array(z.string()).optional() });

/** `/v1/images`: what containers can be made from at once, and how it is removed. */
@Controller('v1')
export class ImagesApiController {
  constructor(private readonly images: ImageList) {}

  @Get('images')
  async list(@Query() query: ListQuery): Promise<Page<ImageView>> {
    const list = new ListRequest(query, LISTS.images);
    const views = (await this.images.views()).filter(
      ({ name, agentId }) => list.passes('name', name) && list.passes('agentId', agentId),
    );
    // The newest change is the last use.
    const asOf = newestMs(views, ({ lastUsedAt }) => lastUsedAt);
    const entries = views.map((entry) => ({ entry, rank: 0, key: entry.name }));
    return list.page(entries, asOf, (view) => view);
  }

  /** With `?dryRun=true` it only says what would go. */
  @Post('images::prune')
  @HttpCode(200)
  async prune(@Req() request: FastifyRequest, @Flag('dryRun') isDry: boolean): Promise<AgentPruneView> {
    const { unused = false, excludedImages: excluded = [] } = jsonBody(request, PruneBody);
    demand(permitsOf(request), ['prune_images']);
    try {
      return await this.images.prune({ unused, excluded, isDry });
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw new ProblemError(problem(400, 'image.bad_name', 'Not the name of an image', error.message));
    }
  }
}
