import { LISTS } from '../lists/lists.js';
import { DRY_RUN, list } from './list-operation.js';
import { type Operations, text } from './operation.js';
import { PRUNE_IMAGES } from './rest-bodies.js';

/** What is served of the images of agents. */
export const IMAGE_OPERATIONS: Operations = {
  'GET /v1/agents/:agentId/images': list('images of the agent, relayed', LISTS.images),
  'GET /v1/images': {
    ...list('images that containers can be made from at once: of one agent, or of all', LISTS.images),
    besides: {
      missing: {
        type: 'array',
        items: { $ref: '#/components/schemas/MissingAgentView' },
        description: 'agents that could not be asked; not in the list of one agent',
      },
    },
  },
  'POST /v1/images::prune': {
    '/v1/images:prune': {
      summary: 'removes images that nothing uses; an agent that is asked itself answers with an AgentPruneView',
      query: { ...DRY_RUN, agentId: text('only of this agent') },
      body: PRUNE_IMAGES,
      answer: 'ImagePruneView',
    },
  },
};
