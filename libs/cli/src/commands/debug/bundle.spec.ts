import { gunzipSync } from 'node:zlib';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extract } from 'tar-stream';
import { agent, FakeRest, fakeWorld, framework, task } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';

let cluster: FakeCluster;
let rest: FakeRest;
beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent()];
  rest.frameworks = [framework()];
  rest.tasks = [task({ command: 'server --password hunter2' })];
  const page = (...items: readonly object[]) => ({ body: JSON.stringify({ items, asOf: 0 }) });
  rest.answers.set('GET /v1/services', ({ searchParams }) =>
    searchParams.get('service') === 'agent' ? page({ id: 'agent.S0' }) : page({ id: 'quota' }, { id: 'offers.1' }),
  );
  rest.answers.set('GET /v1/services/quota', () => ({ body: '{"id":"quota","ready":true}' }));
  rest.answers.set('GET /v1/settings', ({ searchParams }) =>
    page({ name: 'AUTH_SECRET', value: 'hunter2' }, { name: 'OF', value: searchParams.get('service') }),
  );
  rest.answers.set('GET /v1/services/quota/metrics', () => ({ type: 'text/plain', body: 'm 1\n' }));
  const said = { number: 1, level: 'warn', msg: 'with --password hunter2', fields: { token: 'hunter2' } };
  rest.answers.set('GET /v1/services/agent.S0/logs', () => page(said));
});
afterEach(() => cluster.stop());

/** Files of the archive by their names below its folder. */
async function filesOf(bytes: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const unpacked = extract();
  unpacked.end(gunzipSync(bytes));
  for await (const entry of unpacked) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name.replace(/^[^/]+\//, ''), Buffer.concat(chunks).toString());
  }
  return files;
}

describe('tranche debug bundle', () => {
  it('puts what it can have into one archive, without secrets, and says what is missing', async () => {
    const world = fakeWorld();
    let saved = Buffer.alloc(0);
    let path = '';
    const io = {
      ...world.io,
      saveFile: async (to: string, bytes: AsyncIterable<Uint8Array>) => {
        path = to;
        const chunks: Uint8Array[] = [];
        for await (const chunk of bytes) chunks.push(chunk);
        saved = Buffer.concat(chunks);
      },
    };
    expect(await runCli(['-u', cluster.url, 'debug', 'bundle', '-o', 'b.tar.gz'], io)).toBe(0);
    const files = await filesOf(saved);
    expect([path, JSON.parse(files.get('about.json') ?? '')]).toMatchObject(['b.tar.gz', { url: cluster.url }]);
    expect(JSON.parse(files.get('tasks-live.json') ?? '')).toMatchObject({
      items: [{ name: 'web', command: 'server --password ********' }],
    });
    expect(files.get('services/quota/metrics.txt')).toBe('m 1\n');
    expect(JSON.parse(files.get('services/quota/service.json') ?? '')).toEqual({ id: 'quota', ready: true });
    expect(JSON.parse(files.get('services/offers.1/settings.json') ?? '')).toMatchObject({
      items: [{ value: '********' }, { name: 'OF', value: 'offers.1' }],
    });
    const [line] = (files.get('services/agent.S0/log.jsonl') ?? '').split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ number: 1, msg: 'with --password ********' });
    expect([...files.values()].join()).not.toContain('hunter2');
    expect(files.get('services/offers.1/metrics.txt.missing.txt')).toContain(
      'nothing at /v1/services/offers.1/metrics',
    );
    expect(world.stderr()).toContain('services/offers.1/metrics.txt');
    expect(world.stdout()).toBe(`b.tar.gz: ${files.size} files\n`);
  });
});
