import { Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { ImagePruneView, ImageView, MissingAgentView, Page } from '@tranche/contracts';
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
  unknown,
} from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { statedRecord } from '../agents/known-agent.js';
import { ClusterModel } from '../model/cluster-model.js';
import { AgentRelay } from '../relay/agent-relay.js';
import { ClusterImages, type ImageHost } from './cluster-images.js';

const PruneBody = z.strictObject({ unused: z.boolean().optional(), excludedImages: z.array(z.string()).optional() });

/** `/v1/images`: those of all agents, asked for one by one. An agent that does not answer is named, and keeps nobody from the others. */
@Controller('v1')
export class ImagesApiController {
  constructor(
    private readonly model: ClusterModel,
    private readonly relay: AgentRelay,
  ) {}

  @Get('images')
  async list(
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
  ): Promise<Page<ImageView> & { missing: readonly MissingAgentView[] }> {
    const list = new ListRequest(query, LISTS.images);
    const hosts = this.hosts().filter(({ agentId }) => list.passes('agentId', agentId));
    const { found, missing } = await this.imagesFor(request).list(hosts);
    const shown = found.filter(({ name }) => list.passes('name', name));
    const asOf = newestMs(shown, ({ lastUsedAt }) => lastUsedAt);
    const entries = shown.map((entry) => ({ entry, rank: 0, key: `${entry.name} ${entry.agentId}` }));
    return { ...list.page(entries, asOf, (view) => view), missing };
  }

  /** With `?agentId=` of this agent only, with `?dryRun=true` it only says what would go. */
  @Post('images::prune')
  @HttpCode(200)
  async prune(
    @Req() request: FastifyRequest,
    @Flag('dryRun') isDry: boolean,
    @Query('agentId') agentId?: string,
  ): Promise<ImagePruneView> {
    const body = jsonBody(request, PruneBody);
    demand(permitsOf(request), ['prune_images']);
    const all = this.hosts();
    const hosts = agentId === undefined ? all : all.filter((host) => host.agentId === agentId);
    if (agentId !== undefined && hosts.length === 0) {
      throw new ProblemError(unknown('agent', `no agent that is there has the id ${agentId}`));
    }
    const pruned = await this.imagesFor(request).prune(hosts, body, isDry);
    const [away] = pruned.missing;
    if (agentId !== undefined && away !== undefined) {
      throw new ProblemError(problem(503, 'agent.away', 'Agent away', away.detail));
    }
    return pruned;
  }

  /** Agents are asked with what the caller has shown: what that may do there is theirs to say. */
  private imagesFor(request: FastifyRequest): ClusterImages {
    return new ClusterImages(this.relay.for(request));
  }

  private hosts(): ImageHost[] {
    return Array.from(this.model.agents.known(), (entry) => statedRecord(entry.known)).filter(
      ({ state }) => state !== 'removed' && state !== 'gone',
    );
  }
}
