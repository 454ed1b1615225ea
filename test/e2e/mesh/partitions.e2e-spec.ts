import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { amqpUrl, brokerMissing, testDatabases } from '@tranche/test-servers';
import { partitionOf, type TaskView } from '@tranche/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MeshFramework, SOON } from './mesh-framework.js';
import { MeshProcesses } from './mesh-processes.js';

const COUNT = 4;

/** One address for several replicas, as an ingress has: it leads to one of them, and to another when a test says so. */
class Door {
  private readonly server = createServer((client) => {
    const replica = connect(Number(new URL(this.leadsTo).port), '127.0.0.1');
    for (const [from, to] of [[client, replica] as const, [replica, client] as const]) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });

  constructor(public leadsTo: string) {}

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }
}

for (const database of testDatabases()) {
  describe.skipIf(brokerMissing() ?? database.missing)(
    `offers in ${COUNT} partitions over RabbitMQ and ${database.name}`,
    { timeout: 180_000 },
    () => {
      let mesh: MeshProcesses;
      let door: Door;
      let frameworks: MeshFramework[];
      beforeAll(async () => {
        const databaseUrl = await database.freshUrl();
        mesh = await MeshProcesses.start({ brokerUrl: await amqpUrl(), databaseUrl, offersPartitions: COUNT });
      }, 300_000);
      afterAll(async () => {
        door?.close();
        await mesh?.stop();
      });
      beforeEach(({ onTestFailed }) => onTestFailed(() => void process.stderr.write(mesh.logs())));

      const shares = async (): Promise<number[]> =>
        Promise.all([0, 1].map(async (index) => (await mesh.partitions('offers', index)).length));
      const states = (id: string): (string | undefined)[] => frameworks.map((one) => one.states.get(id)?.at(-1));
      const launch = async (id: string, command: string): Promise<void> => {
        for (const framework of frameworks) await framework.launch(id, command);
      };
      const finishes = async (id: string): Promise<void> => {
        await launch(id, 'exit 0');
        await expect.poll(() => states(id), SOON).toEqual(frameworks.map(() => 'TASK_FINISHED'));
      };
      const stay = (id: string): void => expect(states(id)).toEqual(frameworks.map(() => 'TASK_RUNNING'));
      const partitionsInUse = (): Set<number> => new Set(frameworks.map(({ id }) => partitionOf(id, COUNT)));

      it('shares the partitions among the replicas', async () => {
        await expect.poll(() => shares(), SOON).toEqual([2, 2]);
      });

      it('runs the tasks of all frameworks, whichever replica they are connected to', async () => {
        door = new Door(mesh.url('offers', 0));
        const urls = [await door.open(), mesh.url('offers', 1)];
        frameworks = Array.from({ length: 6 }, (_, at) => new MeshFramework(urls[at % 2] ?? '', `framework-${at}`));
        await expect.poll(() => frameworks.every(({ subscriptions }) => subscriptions === 1), SOON).toBe(true);
        expect(partitionsInUse().size).toBeGreaterThan(1);
        await finishes('first');
        await launch('long', 'sleep 1000');
        await expect.poll(() => states('long'), SOON).toEqual(frameworks.map(() => 'TASK_RUNNING'));
      });

      it('answers reads of everything, and of each thing, from any replica', async () => {
        for (const index of [0, 1]) {
          const read = async (path: string): Promise<never> =>
            (await (await fetch(`${mesh.url('offers', index)}${path}`)).json()) as never;
          const classic: { frameworks: { id: string }[] } = await read('/frameworks');
          expect(classic.frameworks.map(({ id }) => id).toSorted()).toEqual(frameworks.map(({ id }) => id).toSorted());
          const tasks: { tasks: { id: string }[] } = await read('/tasks?limit=7');
          expect(tasks.tasks.map(({ id }) => id)).toEqual([...frameworks.map(() => 'long'), 'first']);
          const page: { items: TaskView[]; next: string } = await read('/v1/tasks?limit=7');
          const rest: { items: TaskView[] } = await read(`/v1/tasks?after=${page.next}`);
          const listed = [page, rest].map(({ items }) => items.map((task) => `${task.id} of ${task.frameworkId}`));
          expect(listed.flat().toSorted()).toEqual(
            frameworks.flatMap(({ id }) => [`first of ${id}`, `long of ${id}`]).toSorted(),
          );
          expect(listed[0]).toHaveLength(7);
          for (const { id } of frameworks) expect(await read(`/v1/frameworks/${id}`)).toMatchObject({ id });
          expect(await read('/v1/tasks/long')).toMatchObject({ id: 'long', state: 'TASK_RUNNING' });
        }
        const state = (await (await fetch(`${mesh.url('registry', 0)}/state`)).json()) as {
          frameworks: { tasks: unknown[] }[];
        };
        expect(state.frameworks.map(({ tasks }) => tasks.length)).toEqual(frameworks.map(() => 1));
      });

      it('sorts, counts and picks members over all partitions', async () => {
        const read = async (query: string): Promise<{ items: Partial<TaskView>[]; next?: string; total: number }> =>
          (await (await fetch(`${mesh.url('offers', 1)}/v1/tasks?count=true&fields=id&${query}`)).json()) as never;
        const first = await read('sort=-id&limit=7');
        expect([first.total, first.items]).toEqual([
          frameworks.length * 2,
          [...frameworks.map(() => ({ id: 'long' })), { id: 'first' }],
        ]);
        const rest = await read(`sort=-id&after=${first.next}`);
        expect(rest.items).toEqual(frameworks.slice(1).map(() => ({ id: 'first' })));
      });

      it('streams a list over all partitions: what is there, then what changes in it', async () => {
        const stop = new AbortController();
        const headers = { accept: 'text/event-stream' };
        const answer = await fetch(`${mesh.url('offers', 0)}/v1/tasks?fields=id,state`, {
          headers,
          signal: stop.signal,
        });
        let told = '';
        const reading = (async () => {
          for await (const chunk of answer.body ?? []) told += Buffer.from(chunk).toString();
        })().catch(() => undefined);
        await expect.poll(() => told, SOON).toMatch(/event: ready\nid: offers-\w+:\d+\n/);
        expect(told.match(/event: snapshot\n/g)).toHaveLength(frameworks.length * 2);
        await finishes('streamed');
        const ended = /event: changed\n(id: .*\n)?data: \{"id":"streamed","state":"TASK_FINISHED"\}/g;
        await expect.poll(() => told.match(ended)?.length, SOON).toBe(frameworks.length);
        stop.abort();
        await reading;
      });

      it('offers again when the active allocator is killed', async () => {
        await mesh.signal('allocator', await mesh.active('allocator'), 'SIGKILL');
        await finishes('after-allocator');
        stay('long');
      });

      it('moves the partitions of a replica that is killed to the other, and nothing is lost', async () => {
        const before = frameworks.map(({ subscriptions }) => subscriptions);
        const moved = await mesh.partitions('offers', 0);
        door.leadsTo = mesh.url('offers', 1);
        await mesh.signal('offers', 0, 'SIGKILL');
        await expect.poll(() => mesh.partitions('offers', 1), SOON).toEqual([0, 1, 2, 3]);
        await finishes('after-kill');
        stay('long');
        // Who was connected to the other, and is of a partition that it had, has not noticed.
        for (const [at, { id, subscriptions }] of frameworks.entries()) {
          const isUntouched = at % 2 === 1 && !moved.includes(partitionOf(id, COUNT));
          expect(subscriptions - (before[at] ?? 0), `framework ${at}`).toBe(isUntouched ? 0 : 1);
        }
      });

      it('shares them again when a replica comes, in good order', async () => {
        await mesh.restart('offers', 0);
        await expect.poll(() => shares(), SOON).toEqual([2, 2]);
        await finishes('after-return');
        stay('long');
      });

      it('ends a framework and gives back what it held, by any replica', async () => {
        const [first] = frameworks;
        await first?.stop();
        const removed = async (): Promise<unknown> =>
          (await fetch(`${mesh.url('offers', 0)}/v1/frameworks/${first?.id}`)).json();
        await expect.poll(removed, SOON).toMatchObject({ state: 'removed' });
      });
    },
  );
}
