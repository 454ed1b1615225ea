import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../e2e/local-cluster.js';
import { KNOWN_DIFFERENCES } from './replay/known-differences.js';
import { Player, type Playing } from './replay/player.js';
import { type Exchange, recording } from './replay/recording.js';

const SESSION = ['00-subscribe-first-10-events', '01-scheduler-subscribe-and-calls', '02-scheduler-bad-requests'];
const CONNECTIONS = ['03-scheduler-failover', '04-scheduler-subscribe-accept-protobuf'];
const CLIENTS = [
  '30-client-mesos-execute-json',
  '32-client-test-http-framework-json',
  '33-client-operation-feedback-json',
];
/** Recorded while other tasks ran, so that offers were smaller. */
const WITH_OTHER_TASKS = new Set(['30-client-mesos-execute-json']);
/** Recording 31 is the client of 30 speaking protobuf; the others were recorded in JSON only. */
const IN_PROTOBUF = [
  '30-client-mesos-execute-json',
  '33-client-operation-feedback-json',
  'all-capabilities-01-scheduler-subscribe-and-calls',
];
const ALL = [...SESSION, ...CONNECTIONS].map((name) => `all-capabilities-${name}`);

/** The session that was open when requests of this recording were made, where that is in another recording. */
function prelude(name: string): Exchange[] {
  if (!name.includes('02-')) return [];
  return recording(name.replace('02-scheduler-bad-requests', '01-scheduler-subscribe-and-calls')).slice(0, 1);
}

/** What clients sent to a real Mesos master, sent to the local cluster: its answers are the same but for what is listed. */
describe('recorded exchanges', () => {
  let cluster: LocalCluster;
  const seen = new Set<string>();
  beforeAll(async () => {
    const resources = 'ports:[31000-32000];cpus:4;mem:4096;disk:20000';
    cluster = await LocalCluster.start('--agents', '1', '--resources', resources);
  });
  afterAll(async () => {
    await cluster?.stop();
  });

  const knownOf = (difference: string) => KNOWN_DIFFERENCES.filter(({ matches }) => matches.test(difference));
  /** Plays a recording; what is answered and told must be what was recorded, and what Tranche answered and told before. */
  async function replay(name: string, how: Playing = {}): Promise<void> {
    const exchanges = recording(name);
    const player = new Player(cluster.url, exchanges, how);
    for (const exchange of [...prelude(name), ...exchanges]) await player.play(exchange);
    const events = exchanges.flatMap(({ answer }) => answer.events ?? []);
    if (!name.includes('00-') && !name.includes('02-')) await player.compareEvents(events);
    if (how.takesAnyOffer !== true) player.compareOffers(events);
    player.close();
    for (const { what } of player.differences.flatMap(knownOf)) seen.add(what);
    expect(player.differences.filter((difference) => knownOf(difference).length === 0)).toEqual([]);
    const file = `replay/goldens/${name}${how.inProtobuf === true ? '-in-protobuf' : ''}.txt`;
    await expect(player.transcript.text()).toMatchFileSnapshot(file);
  }

  it.each([...SESSION, ...CONNECTIONS, ...CLIENTS, ...ALL])('%s is answered as recorded', (name) =>
    replay(name, { takesAnyOffer: WITH_OTHER_TASKS.has(name) }),
  );

  it.each(IN_PROTOBUF)('%s, its calls in protobuf, is answered alike', (name) =>
    replay(name, { inProtobuf: true, takesAnyOffer: WITH_OTHER_TASKS.has(name) }),
  );

  it('differ in all that is listed, and the list is in docs/conformance.md', () => {
    const always = KNOWN_DIFFERENCES.filter(({ sometimes }) => sometimes === undefined).map(({ what }) => what);
    expect(always.filter((what) => !seen.has(what))).toEqual([]);
    const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
    for (const { what, sometimes = '' } of KNOWN_DIFFERENCES) {
      expect(page).toContain(what);
      expect(page).toContain(sometimes);
    }
  });
});
