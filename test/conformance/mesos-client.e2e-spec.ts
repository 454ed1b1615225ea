import { createRequire } from 'node:module';
import type { MasterCall, MasterEvent } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../e2e/local-cluster.js';
import { XmlHttpRequest } from './mesos-client/xml-http-request.js';
import { Actor } from './operator-api/operator-stage.js';

/** What `@dcos/mesos-client` gives, as far as it is used here; the package has no types. */
interface Observable {
  subscribe(
    next: (text: string) => void,
    error: (error: { readonly code: number; readonly response: string }) => void,
    complete: () => void,
  ): { unsubscribe(): void };
}
type Ask = (call: MasterCall, url: string) => Observable;

/** Its clients were browsers: it asks by what they have. */
function loadClient(): { readonly stream: Ask; readonly request: Ask } {
  Object.assign(globalThis, { XMLHttpRequest: XmlHttpRequest });
  return createRequire(import.meta.url)('@dcos/mesos-client') as { stream: Ask; request: Ask };
}

const READS = [
  ...(['GET_HEALTH', 'GET_FLAGS', 'GET_VERSION', 'GET_LOGGING_LEVEL', 'GET_STATE', 'GET_AGENTS'] as const),
  ...([
    'GET_FRAMEWORKS',
    'GET_EXECUTORS',
    'GET_TASKS',
    'GET_OPERATIONS',
    'GET_ROLES',
    'GET_WEIGHTS',
    'GET_QUOTA',
  ] as const),
  ...(['GET_MASTER', 'GET_MAINTENANCE_STATUS', 'GET_MAINTENANCE_SCHEDULE'] as const),
];

/** The client of DC/OS' user interface, unchanged. */
describe('@dcos/mesos-client', () => {
  const { stream, request } = loadClient();
  let cluster: LocalCluster;
  let url: string;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1');
    url = `${cluster.url}/api/v1`;
  });
  afterAll(() => cluster?.stop());

  const answer = (call: MasterCall): Promise<string> =>
    new Promise((resolve, reject) => {
      request(call, url).subscribe(resolve, reject, () => undefined);
    });

  it('follows the events of a framework and its task, one record after another', async () => {
    const events: MasterEvent[] = [];
    const failures: unknown[] = [];
    const types = (): (string | undefined)[] => events.map(({ type }) => type);
    const following = stream({ type: 'SUBSCRIBE' }, url).subscribe(
      (record) => void events.push(JSON.parse(record) as MasterEvent),
      (error) => void failures.push(error),
      () => void failures.push('the stream has ended'),
    );
    await expect.poll(types).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(events[0]?.subscribed?.get_state?.get_agents?.agents).toHaveLength(1);
    // It counts characters where the length of a record counts bytes: what is not ASCII is escaped.
    const runner = new Actor(cluster.url, 'über', 'sleep 600', { straße: '東京 🚲' });
    await expect.poll(() => runner.states, { timeout: 60_000 }).toContain('TASK_RUNNING');
    await runner.end();
    await expect.poll(types, { timeout: 60_000 }).toContain('FRAMEWORK_REMOVED');
    expect(types()).toEqual(expect.arrayContaining(['FRAMEWORK_ADDED', 'TASK_ADDED', 'TASK_UPDATED']));
    const added = events.find(({ framework_added }) => framework_added !== undefined);
    expect(added?.framework_added?.framework.framework_info).toMatchObject({ name: 'über', roles: ['über'] });
    expect(failures).toEqual([]);
    following.unsubscribe();
  });

  it.each(READS)('gets an answer to %s', async (type) => {
    const json = JSON.parse(await answer({ type })) as Record<string, unknown>;
    expect(json).toMatchObject({ type, [type.toLowerCase()]: expect.anything() });
  });

  it('gets metrics', async () => {
    const json = JSON.parse(await answer({ type: 'GET_METRICS', get_metrics: {} })) as Record<string, unknown>;
    expect(json).toMatchObject({ get_metrics: { metrics: expect.any(Array) } });
  });

  it('is told why a call is refused', async () => {
    const gone = answer({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: 'nobody' } } });
    await expect(gone).rejects.toMatchObject({ code: 404 });
    await expect(answer({ type: 'UPDATE_QUOTA' })).rejects.toMatchObject({
      code: 400,
      response: expect.stringContaining("Expecting 'update_quota' to be present"),
    });
  });
});
