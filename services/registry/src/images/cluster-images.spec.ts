import { Readable } from 'node:stream';
import { problem, ProblemError } from '@tranche/http';
import { describe, expect, it } from 'vitest';
import type { AgentAnswer, AgentHttp } from '../relay/agent-http.port.js';
import { ClusterImages } from './cluster-images.js';

const hosts = (...names: string[]) => names.map((name) => ({ agentId: name, hostname: `host-${name}` }));
const answer = (body: object, status = 200): AgentAnswer => ({
  status,
  headers: {},
  body: Readable.from([JSON.stringify(body)]),
});

/** Agents that answer as they are told; `away` does not. */
function world(answers: (agentId: string, target: string) => AgentAnswer) {
  const asked: string[] = [];
  const take = (agentId: string, target: string): AgentAnswer => {
    asked.push(`${agentId} ${target}`);
    return answers(agentId, target);
  };
  const http: AgentHttp = {
    get: async ({ agentId }, target) => take(agentId, target),
    post: async ({ agentId }, target, { body }) => take(agentId, `${target} ${(body as Buffer).toString()}`),
    as: () => http,
  };
  const images = new ClusterImages({
    asking: async (agentId, ask) => {
      if (agentId === 'away') throw new ProblemError(problem(503, 'agent.away', 'Agent away', 'it does not answer'));
      return ask(http, { agentId, ip: '10.0.0.1', port: 5051 });
    },
  });
  return { images, asked };
}

describe('ClusterImages', () => {
  it('puts the lists of all agents together, page by page, and names those that it has not got', async () => {
    const { images, asked } = world((agentId, target) => {
      if (agentId === 'old') return answer({ detail: 'Not found' }, 404);
      if (agentId === 'b') return answer({ items: [{ name: 'z' }] });
      return target.includes('after')
        ? answer({ items: [{ name: 'y' }] })
        : answer({ items: [{ name: 'x' }], next: 'c=1' });
    });
    const { found, missing } = await images.list(hosts('a', 'away', 'b', 'old'));
    expect(found.map(({ name }) => name).toSorted()).toEqual(['x', 'y', 'z']);
    expect(asked).toContain('a /v1/images?limit=1000&after=c%3D1');
    expect(missing).toEqual([
      { agentId: 'away', agentHostname: 'host-away', detail: 'it does not answer' },
      { agentId: 'old', agentHostname: 'host-old', detail: 'it answers HTTP 404: Not found' },
    ]);
  });

  it('sums what was removed', async () => {
    const { images, asked } = world((agentId) =>
      answer({ agentId, agentHostname: agentId, images: ['x', 'y'], layers: 3, freedBytes: 5, unused: 1 }),
    );
    const view = await images.prune(hosts('a', 'away', 'b'), { unused: true }, true);
    expect(view).toMatchObject({ images: 4, layers: 6, freedBytes: 10, unused: 2, missing: [{ agentId: 'away' }] });
    expect(asked.toSorted()).toEqual(['a', 'b'].map((id) => `${id} /v1/images:prune?dryRun=true {"unused":true}`));
  });
});
