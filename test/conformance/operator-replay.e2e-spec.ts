import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../e2e/local-cluster.js';
import { Actor } from './operator-api/operator-stage.js';
import { LEFT_OUT, OPERATOR_DIFFERENCES } from './replay/operator-differences.js';
import { operatorRecording, replayed } from './replay/operator-player.js';
import { eventDifferences, followedWhile, recordedEvents } from './replay/stream-player.js';

const MASTER = [
  ...['10-master-v0-endpoints', '11-master-v0-writes', '12-master-v1-operator', '14-master-after-teardown'],
  '15-master-drain',
];
const STREAM = '13-master-v1-operator-subscribe';
const AGENT = ['20-agent-v0-endpoints', '21-agent-v1'];

const denied = (objects: string): object[] => [{ principals: { values: ['ro'] }, [objects]: { type: 'NONE' } }];

/** What the recorded master was given. */
const RECORDED_ACLS = {
  register_frameworks: denied('roles'),
  reserve_resources: denied('roles'),
  update_weights: denied('roles'),
  update_quotas: denied('roles'),
  view_flags: denied('flags'),
  set_log_level: denied('level'),
  get_maintenance_schedules: denied('machines'),
};

/** What operators asked of a real Mesos, asked of the local cluster: statuses and texts are the same, and JSON has the same shape. */
describe('recorded exchanges of operators', () => {
  let cluster: LocalCluster;
  let names: { agent: string; framework: string };
  let agentUrl: string;
  const actors: Actor[] = [];
  const seen = new Set<string>();
  beforeAll(async () => {
    const resources = 'ports:[31000-32000];cpus:4;mem:4096;disk:20000';
    cluster = await LocalCluster.start('--agents', '1', '--resources', resources);
    const ended = new Actor(cluster.url, 'ended', 'exit 1');
    await until(() => ended.states.includes('TASK_FAILED'));
    await ended.end();
    const holder = new Actor(cluster.url, 'cap', 'sleep 600', { a: 'b' });
    actors.push(holder);
    await until(() => holder.states.includes('TASK_RUNNING') && holder.offers.size > 0);
    const { slaves } = await cluster.get<{ slaves: { id: string; port: number }[] }>('/slaves');
    names = { agent: slaves[0]?.id ?? '', framework: holder.id };
    agentUrl = `http://127.0.0.1:${slaves[0]?.port}`;
  });
  afterAll(async () => {
    await Promise.all(actors.map((actor) => actor.end().catch(() => undefined)));
    await cluster?.stop();
  });

  async function replay(url: string, name: string): Promise<void> {
    const found: string[] = [];
    for (const exchange of operatorRecording(name)) {
      if (LEFT_OUT.some(({ recording, titles }) => recording === name && titles.test(exchange.title))) continue;
      const to = exchange.title.startsWith('agent ') ? agentUrl : url;
      found.push(...(await patiently(() => replayed(to, exchange, names), name.startsWith('15'))));
    }
    judge(name, found);
  }

  /** What differs is listed. */
  function judge(name: string, found: readonly string[]): void {
    const unknown: string[] = [];
    for (const difference of found) {
      const known = OPERATOR_DIFFERENCES.filter(({ matches }) => matches.test(`${name} ${difference}`));
      for (const { what } of known) seen.add(what);
      if (known.length === 0) unknown.push(difference);
    }
    expect(unknown).toEqual([]);
  }

  it(`${STREAM} is followed as recorded`, async () => {
    const own = await followedWhile(
      cluster.url,
      async () => {
        const short = new Actor(cluster.url, 'short');
        await until(() => short.id !== '');
        await short.end();
      },
      'FRAMEWORK_REMOVED',
    );
    judge(STREAM, eventDifferences(recordedEvents(STREAM), own));
  });

  it('16-master-auth is answered as recorded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-credentials-'));
    const file = join(folder, 'credentials.json');
    const credentials = [
      { principal: 'ops', secret: 's3cret' },
      { principal: 'ro', secret: 'x' },
    ];
    writeFileSync(file, JSON.stringify({ credentials }));
    const acls = join(folder, 'acls.json');
    writeFileSync(acls, JSON.stringify(RECORDED_ACLS));
    const asking = await LocalCluster.start('--agents', '1', '--credentials', file, '--acls', acls);
    try {
      await replay(asking.url, '16-master-auth');
    } finally {
      await asking.stop();
      rmSync(folder, { recursive: true });
    }
  });

  it.each(AGENT)('%s is answered as recorded', (name) => replay(agentUrl, name));
  it.each(MASTER)('%s is answered as recorded', (name) => replay(cluster.url, name));

  it('differ in all that is listed, and the list is in docs/conformance.md', () => {
    const always = OPERATOR_DIFFERENCES.filter(({ sometimes }) => sometimes === undefined);
    expect(always.filter(({ what }) => !seen.has(what)).map(({ what }) => what)).toEqual([]);
    const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
    const rows = [...OPERATOR_DIFFERENCES, ...LEFT_OUT].map(({ what, why }) => `| ${what} | ${why} |`);
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});

const isKnown = (difference: string): boolean => OPERATOR_DIFFERENCES.some(({ matches }) => matches.test(difference));

/** What was recorded is so in the end: an agent is not empty at once. */
async function patiently(ask: () => Promise<string[]>, isPatient: boolean): Promise<string[]> {
  for (let left = isPatient ? 50 : 0; ; left--) {
    const differences = (await ask()).filter((one) => left === 0 || !isKnown(one));
    if (differences.length === 0 || left === 0) return differences;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** In a hook there is no test to poll in. */
async function until(isSo: () => boolean): Promise<void> {
  for (const untilMs = Date.now() + 30_000; !isSo(); ) {
    if (Date.now() > untilMs) throw new Error('the cluster does not get there');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
