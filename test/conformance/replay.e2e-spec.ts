import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../e2e/local-cluster.js';
import { KNOWN_DIFFERENCES } from './replay/known-differences.js';
import { byText } from './replay/normalise.js';
import { Player } from './replay/player.js';
import { type Exchange, recording } from './replay/recording.js';

const SESSION = ['00-subscribe-first-10-events', '01-scheduler-subscribe-and-calls', '02-scheduler-bad-requests'];
const CONNECTIONS = ['03-scheduler-failover', '04-scheduler-subscribe-accept-protobuf'];
const CLIENTS = [
  '30-client-mesos-execute-json',
  '32-client-test-http-framework-json',
  '33-client-operation-feedback-json',
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

  it.each([...SESSION, ...CONNECTIONS, ...CLIENTS, ...ALL])('%s is answered as recorded', async (name) => {
    const player = new Player(cluster.url);
    const exchanges = recording(name);
    for (const exchange of [...prelude(name), ...exchanges]) await player.play(exchange);
    const events = exchanges.flatMap(({ answer }) => answer.events ?? []);
    if (!name.includes('00-') && !name.includes('02-')) await player.compareEvents(events);
    // Clients were recorded with other tasks running.
    if (!name.startsWith('3')) player.compareOffers(events);
    player.close();
    const known = (difference: string) => KNOWN_DIFFERENCES.filter(({ matches }) => matches.test(difference));
    for (const { what } of player.differences.flatMap(known)) seen.add(what);
    expect(player.differences.filter((difference) => known(difference).length === 0)).toEqual([]);
  });

  it('31-client-mesos-execute-protobuf, the calls of recording 30 in protobuf, is answered alike', async () => {
    const player = new Player(cluster.url, true);
    const exchanges = recording('30-client-mesos-execute-json');
    for (const exchange of exchanges) await player.play(exchange);
    await player.compareEvents(exchanges.flatMap(({ answer }) => answer.events ?? []));
    player.close();
    const isKnown = (difference: string) => KNOWN_DIFFERENCES.some(({ matches }) => matches.test(difference));
    expect(player.differences.filter((difference) => !isKnown(difference))).toEqual([]);
  });

  it('differ in all that is listed, and the list is in docs/conformance.md', () => {
    expect([...seen].toSorted(byText)).toEqual(KNOWN_DIFFERENCES.map(({ what }) => what).toSorted(byText));
    const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
    for (const { what } of KNOWN_DIFFERENCES) expect(page).toContain(what);
  });
});
