import type { ImagePruneView, ImageView } from '@tranche/contracts';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, ago, type CliResult, FakeRest, type FakeWorldOptions, runInFakeWorld } from '../../cli.fakes.js';

const AWAY = { agentId: 'a3', agentHostname: 'n3', detail: 'agent a3 on n3 does not answer: connection refused' };
const image = (name: string, more: Partial<ImageView> = {}): ImageView => ({
  ...{ name, agentId: 'a1', agentHostname: 'n1', digest: 'sha256:0a0b', sizeBytes: 64 << 20, layers: 4, containers: 0 },
  ...{ pulledAt: ago(7200), lastUsedAt: ago(300) },
  ...more,
});
const pruned = (more: Partial<ImagePruneView> = {}): ImagePruneView => ({
  ...{ images: 1, layers: 2, freedBytes: 3 << 20, unused: 0, missing: [] },
  agents: [
    { agentId: 'a1', agentHostname: 'n1', images: ['busybox:latest'], layers: 2, freedBytes: 3 << 20, unused: 0 },
  ],
  ...more,
});

let cluster: FakeCluster;
let rest: FakeRest;
const run = (line: string, options?: FakeWorldOptions): Promise<CliResult> =>
  runInFakeWorld(['-u', cluster.url, 'image', ...line.split(' ')], options);
const answer = (view: object) => () => ({ body: JSON.stringify(view) });
const asked = () => rest.requests.filter(({ url }) => url.pathname.startsWith('/v1/images'));

beforeEach(async () => {
  rest = new FakeRest();
  rest.agents = [agent({ id: 'a1', hostname: 'n1' }), agent({ id: 'a3', hostname: 'n3' })];
  cluster = await FakeCluster.start({ handle: rest.handle });
});
afterEach(() => cluster.stop());

describe('tranche image ls', () => {
  it('lists images, and names agents that could not be asked', async () => {
    const items = [image('python:3.12', { containers: 2 }), image('127.0.0.1:5000/lib/x:1', { sizeBytes: 1 << 20 })];
    rest.answers.set('GET /v1/images', answer({ items, missing: [AWAY], asOf: 7 }));
    const { stdout, stderr, exitCode } = await run('ls');
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'NAME                    AGENT    SIZE  CONTAINERS  USED',
      'python:3.12             n1     64 MiB           2    5m',
      '127.0.0.1:5000/lib/x:1  n1      1 MiB           -    5m',
      '',
    ]);
    expect(stderr).toContain('without n3: agent a3 on n3 does not answer: connection refused');
    expect(exitCode).toBe(0);
  });

  it('asks for one agent by its name, and says when there is none', async () => {
    rest.answers.set('GET /v1/images', answer({ items: [], missing: [], asOf: 0 }));
    const { stderr } = await run('ls --agent n1');
    expect(asked()[0]?.url.searchParams.get('agentId')).toBe('a1');
    expect(stderr).toContain('no agent has an image');
  });
});

describe('tranche image prune', () => {
  it('says what has gone, and what else could', async () => {
    rest.answers.set('POST /v1/images:prune', answer(pruned({ images: 0, agents: [], unused: 2 })));
    const { stdout, stderr, exitCode } = await run('prune');
    expect(stdout).toBe('removed 0 images, 2 layers, 3 MiB\n');
    expect(stderr).toContain('2 images that nothing uses stay: tranche image prune --unused');
    expect(asked().map(({ body }) => body)).toEqual(['{"unused":false}']);
    expect(exitCode).toBe(0);
  });

  it('removes unused ones of one agent when that is agreed to', async () => {
    rest.answers.set('POST /v1/images:prune', answer(pruned()));
    const { stdout } = await run('prune --agent n1 --unused --yes');
    expect(stdout).toBe('n1: busybox:latest\nremoved 1 image, 2 layers, 3 MiB\n');
    expect(asked().map(({ url, body }) => [url.search, body])).toEqual([['?agentId=a1', '{"unused":true}']]);
  });

  it('only says what would go with --dry-run', async () => {
    rest.answers.set('POST /v1/images:prune', answer(pruned()));
    const { stdout } = await run('prune --unused --dry-run');
    expect(stdout).toBe('n1: busybox:latest\nwould remove 1 image, 2 layers, 3 MiB\n');
    expect(asked()[0]?.url.search).toBe('?dryRun=true');
  });

  it('has failed when an agent could not be asked', async () => {
    rest.answers.set('POST /v1/images:prune', answer(pruned({ missing: [AWAY] })));
    const { stderr, exitCode } = await run('prune');
    expect(stderr).toContain('without n3: ');
    expect(exitCode).toBe(1);
  });
});
