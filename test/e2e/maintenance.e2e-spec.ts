import type { FrameworkEvent } from '@tranche/scheduler';
import { commandTask, Scheduler, takeResources } from '@tranche/scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const START = '1760000000000000001';

interface State {
  slaves: { hostname: string }[];
}

/** The whole way: the operator, the registry, the allocator, a framework on the SDK, and an agent that has to go. */
describe('maintenance', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '2');
  });
  afterAll(() => cluster?.stop());

  const post = async (path: string, body: string): Promise<[number, string]> => {
    const answer = await fetch(cluster.url + path, { method: 'POST', body });
    return [answer.status, await answer.text()];
  };

  it('asks a framework to leave, tells its answer, and takes the machine down', async () => {
    // The agent that gets the task; the other one stays.
    let machine: { hostname?: string; ip?: string } = {};
    const schedule = (): string =>
      `{"windows":[{"machine_ids":[${JSON.stringify(machine)}],"unavailability":{"start":{"nanoseconds":${START}}}}]}`;
    const scheduler = new Scheduler({ url: cluster.url, framework: { user: 'root', name: 'movable' } });
    const seen: string[] = [];
    const states: string[] = [];

    const react = async (event: FrameworkEvent): Promise<boolean> => {
      if (event.type !== 'update') seen.push(event.type);
      switch (event.type) {
        case 'offers': {
          const [offer] = event.offers;
          if (offer === undefined || machine.ip !== undefined) return false;
          const taken = takeResources(offer.resources ?? [], { cpus: 0.1, memMb: 32 });
          if (!taken.ok) throw new Error('too little is offered');
          const task = { id: 'stays', command: 'sleep 300', cpus: 0.1, memMb: 32 };
          const info = commandTask(task, { agentId: offer.agent_id.value, resources: taken.taken });
          const { hostname, ip = '' } = offer.url?.address ?? {};
          machine = { hostname: hostname ?? '', ip };
          await scheduler.launch(offer, [info]);
          return false;
        }
        case 'update':
          states.push(event.status.state);
          if (event.status.state === 'TASK_RUNNING')
            expect(await post('/maintenance/schedule', schedule())).toEqual([200, '']);
          return event.status.state === 'TASK_LOST';
        case 'inverse-offers': {
          const [inverseOffer] = event.inverseOffers;
          expect(inverseOffer?.unavailability).toEqual({ start: { nanoseconds: START } });
          await scheduler.acceptInverseOffers([inverseOffer?.id.value ?? ''], { refuse_seconds: 60 });
          const status = async () => JSON.stringify(await cluster.get('/maintenance/status'));
          await expect.poll(status, { timeout: 5_000 }).toContain('"status":"ACCEPT"');
          expect(await post('/machine/down', JSON.stringify([machine]))).toEqual([200, '']);
          return false;
        }
        default:
          return false;
      }
    };
    for await (const event of scheduler) if (await react(event)) await scheduler.teardown();

    expect(states).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_LOST']);
    expect(seen).toContain('inverse-offers');
    expect(await cluster.get('/maintenance/status')).toEqual({ down_machines: [machine] });
    const { slaves } = await cluster.get<State>('/state');
    expect(slaves.map(({ hostname }) => hostname)).not.toContain(machine.hostname);
    expect(slaves).toHaveLength(1);

    expect(await post('/machine/up', JSON.stringify([machine]))).toEqual([200, '']);
    const present = async () => (await cluster.get<State>('/state')).slaves.map(({ hostname }) => hostname);
    await expect.poll(present, { timeout: 60_000, interval: 500 }).toContain(machine.hostname);
  });
});
