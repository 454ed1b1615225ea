import { amqpUrl, brokerMissing, testDatabases } from '@tranche/test-servers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MeshFramework, SOON } from './mesh-framework.js';
import { MeshProcesses } from './mesh-processes.js';

for (const database of testDatabases()) {
  describe.skipIf(brokerMissing() ?? database.missing)(
    `replicas over RabbitMQ and ${database.name}`,
    { timeout: 180_000 },
    () => {
      let mesh: MeshProcesses;
      let framework: MeshFramework;
      beforeAll(async () => {
        mesh = await MeshProcesses.start({ brokerUrl: await amqpUrl(), databaseUrl: await database.freshUrl() });
        // The stream is at the replica that does not own the framework.
        framework = new MeshFramework(mesh.url('offers', 1 - (await mesh.active('offers'))));
      }, 240_000);
      afterAll(async () => {
        await mesh?.stop();
      });
      beforeEach(({ onTestFailed }) => onTestFailed(() => void process.stderr.write(mesh.logs())));

      const finishes = async (id: string): Promise<void> => {
        await framework.launch(id, 'exit 0');
        await expect.poll(() => framework.states.get(id)?.at(-1), SOON).toBe('TASK_FINISHED');
      };
      const stays = (id: string): void => expect(framework.states.get(id)?.at(-1)).toBe('TASK_RUNNING');

      it('runs a task whose framework is connected to a replica that waits', async () => {
        await expect.poll(() => framework.subscriptions, SOON).toBe(1);
        await finishes('first');
        await framework.launch('long', 'sleep 1000');
        await expect.poll(() => framework.states.get('long')?.at(-1), SOON).toBe('TASK_RUNNING');
      });

      it('answers reads completely from any replica', async () => {
        for (const index of [0, 1]) {
          const tasks = (await (await fetch(`${mesh.url('offers', index)}/tasks`)).json()) as {
            tasks: { id: string }[];
          };
          expect(tasks.tasks.map(({ id }) => id).toSorted()).toEqual(['first', 'long']);
          const state = (await (await fetch(`${mesh.url('registry', index)}/state`)).json()) as {
            slaves: unknown[];
            frameworks: { tasks: { id: string }[] }[];
          };
          expect(state.slaves).toHaveLength(1);
          expect(state.frameworks.flatMap(({ tasks: own }) => own.map(({ id }) => id))).toEqual(['long']);
        }
      });

      it('offers again when the active allocator is killed', async () => {
        await mesh.signal('allocator', await mesh.active('allocator'), 'SIGKILL');
        await finishes('after-allocator');
        stays('long');
        expect(framework.subscriptions).toBe(1);
      });

      it('does not listen to an allocator that was paused, lost its place, and wakes', async () => {
        const paused = await mesh.active('allocator');
        await mesh.restart('allocator', 1 - paused);
        await mesh.signal('allocator', paused, 'SIGSTOP');
        await expect.poll(() => mesh.isActive('allocator', 1 - paused), SOON).toBe(true);
        await finishes('while-paused');
        await mesh.signal('allocator', paused, 'SIGCONT');
        await expect.poll(() => mesh.isActive('allocator', paused), SOON).toBe(false);
        expect(await mesh.isActive('allocator', 1 - paused)).toBe(true);
        await finishes('after-waking');
        stays('long');
      });

      it('lets streams come again and tasks live when the active offers replica is killed', async () => {
        const killed = await mesh.active('offers');
        await mesh.signal('offers', killed, 'SIGKILL');
        await expect.poll(() => framework.subscriptions, SOON).toBe(2);
        await finishes('after-offers');
        stays('long');
        await mesh.restart('offers', killed);
      });

      it('knows its agents when the active registry is killed', async () => {
        const killed = await mesh.active('registry');
        await mesh.signal('registry', killed, 'SIGKILL');
        await finishes('after-registry');
        const agents = async (): Promise<number> => {
          const answer = await fetch(`${mesh.url('registry', 1 - killed)}/slaves`);
          return ((await answer.json()) as { slaves: unknown[] }).slaves.length;
        };
        await expect.poll(agents, SOON).toBe(1);
        stays('long');
      });

      it('hands over in good order when the active offers replica is told to stop', async () => {
        const stopped = await mesh.active('offers');
        await mesh.signal('offers', stopped, 'SIGTERM');
        await mesh.restart('offers', stopped);
        await finishes('after-handover');
        stays('long');
      });
    },
  );
}
