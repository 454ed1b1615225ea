import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

interface Offer {
  id: { value: string };
  agent_id: { value: string };
  framework_id: { value: string };
  allocation_info?: unknown;
  resources: { name: string; allocation_info?: unknown; role?: string }[];
}
interface Update {
  status: { task_id: { value: string }; agent_id: { value: string }; state: string; uuid?: string };
}
/** What we use of the npm client `mesos-framework` 0.5.3. It has no types. */
interface ForeignScheduler {
  frameworkId: string;
  on(event: string, listener: (data: never) => void): void;
  subscribe(): void;
  accept(offers: unknown[], operations: unknown, filters: unknown): void;
  decline(offers: unknown[], filters: unknown): void;
  acknowledge(update: Update): void;
  kill(taskId: string, agentId: string): void;
  teardown(): void;
}
interface ForeignModule {
  Scheduler: new (options: object) => ForeignScheduler;
}

/** A framework written for Mesos by others, not changed for Tranche. It reads chunks, not records. */
describe('the npm client mesos-framework', () => {
  let cluster: LocalCluster;
  let folder: string;
  beforeAll(async () => {
    cluster = await LocalCluster.start();
    folder = mkdtempSync(join(tmpdir(), 'tranche-e2e-'));
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  const command = (id: string, offer: Offer, value: string): object => ({
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    ],
    command: { shell: true, value },
  });

  it('subscribes, launches, follows a task to TASK_FINISHED and kills another', async () => {
    const { Scheduler } = createRequire(import.meta.url)('mesos-framework') as ForeignModule;
    const states: Record<string, string[]> = { ends: [], stays: [] };
    const errors: unknown[] = [];
    const offers: Offer[] = [];
    let launched = false;
    const scheduler = new Scheduler({
      masterUrl: '127.0.0.1',
      port: cluster.port,
      frameworkName: 'foreign',
      frameworkFailoverTimeout: 60,
      masterConnectionTimeout: 60,
      logging: { path: folder, fileName: 'foreign.log', level: 'error' },
      handlers: {
        OFFERS(this: ForeignScheduler, event: { offers: Offer[] }): void {
          offers.push(...event.offers);
          if (launched) {
            this.decline(
              event.offers.map((offer) => offer.id),
              { refuse_seconds: 60 },
            );
            return;
          }
          launched = true;
          const [offer, ...others] = event.offers as [Offer, ...Offer[]];
          const tasks = [command('ends', offer, 'true'), command('stays', offer, 'sleep 300')];
          this.accept([offer.id], { type: 'LAUNCH', launch: { task_infos: tasks } }, { refuse_seconds: 60 });
          if (others.length > 0)
            this.decline(
              others.map((o) => o.id),
              { refuse_seconds: 60 },
            );
        },
        UPDATE(this: ForeignScheduler, update: Update): void {
          const { task_id, agent_id, state, uuid } = update.status;
          states[task_id.value]?.push(state);
          if (uuid) this.acknowledge(update);
          if (task_id.value === 'stays' && state === 'TASK_RUNNING') this.kill('stays', agent_id.value);
        },
      },
    });
    scheduler.on('error', (error: unknown) => errors.push(error));
    await new Promise<void>((resolve) => scheduler.on('ready', () => resolve()));
    scheduler.subscribe();
    const ended = (): unknown => [states['ends']?.at(-1), states['stays']?.at(-1)];
    await expect.poll(ended, { timeout: 20_000, interval: 20 }).toEqual(['TASK_FINISHED', 'TASK_KILLED']);
    expect(states['ends']).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(errors).toEqual([]);
    const [offer] = offers as [Offer];
    expect(offer.allocation_info).toBeUndefined();
    expect(offer.resources.every((r) => r.allocation_info === undefined && r.role === '*')).toBe(true);
    const known = await cluster.get<{ frameworks: { id: string; name: string; active: boolean }[] }>('/frameworks');
    expect(known.frameworks).toMatchObject([{ id: scheduler.frameworkId, name: 'foreign', active: true }]);
    scheduler.on('error', () => undefined);
    scheduler.teardown();
    await expect
      .poll(
        async () =>
          (await cluster.get<{ completed_frameworks: { id: string }[] }>('/frameworks')).completed_frameworks.map(
            (f) => f.id,
          ),
        { timeout: 5_000 },
      )
      .toContain(scheduler.frameworkId);
  });
});
