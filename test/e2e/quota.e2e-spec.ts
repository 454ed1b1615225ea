import { Scheduler } from '@tranche/scheduler';
import type { Offer } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

/** A framework that keeps every offer until it is told to let go. */
class Hoarder {
  readonly offers = new Map<string, Offer>();
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;

  constructor(url: string, role: string) {
    this.scheduler = new Scheduler({
      url,
      framework: { user: 'root', name: role, roles: [role], capabilities: [{ type: 'MULTI_ROLE' }] },
    });
    this.running = this.run();
  }

  /** Cpus that it has been offered and not lost. */
  get cpus(): number {
    const amounts = [...this.offers.values()].flatMap(({ resources = [] }) =>
      resources.map(({ name, scalar }) => (name === 'cpus' ? Number(scalar?.value) : 0)),
    );
    return amounts.reduce((sum, value) => sum + value, 0);
  }

  async end(): Promise<void> {
    await this.scheduler.teardown();
    await this.running;
  }

  private async run(): Promise<void> {
    for await (const event of this.scheduler) {
      if (event.type === 'offers') for (const offer of event.offers) this.offers.set(offer.id.value, offer);
      if (event.type === 'rescind') this.offers.delete(event.offerId);
    }
  }
}

describe('quotas of roles', () => {
  let cluster: LocalCluster;
  const call = async (type: string, body: object = {}) => {
    const answer = await fetch(`${cluster.url}/api/v1`, {
      method: 'POST',
      body: JSON.stringify({ type, ...body }),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    });
    return { status: answer.status, text: await answer.text() };
  };
  const update = (config: object, force = false) =>
    call('UPDATE_QUOTA', { update_quota: { force, quota_configs: [config] } });

  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '2', '--resources', 'cpus:4;mem:1024;disk:1024');
  });
  afterAll(() => cluster?.stop());

  it('are refused beyond what the cluster has, and what a role uses', async () => {
    expect(await update({ role: 'q2', guarantees: { cpus: { value: 9 } } })).toEqual({
      status: 400,
      text: "Invalid QuotaConfig: total quota guarantees 'cpus:9' exceed cluster capacity 'cpus:8; disk:2048; mem:2048' (use 'force' flag to bypass this check)",
    });
    expect(await update({ role: 'a/b' })).toMatchObject({ status: 400 });
    expect(
      (await cluster.tranche('run', '--detach', '--name', 'busy', '--role', 'busy', '--cpus', '2', '--', 'sleep 600'))
        .status,
    ).toBe(0);
    await expect
      .poll(() => update({ role: 'busy', limits: { cpus: { value: 1 } } }))
      .toMatchObject({ status: 400, text: expect.stringContaining("already consuming 'cpus:2") });
    const refused = async (...args: string[]) => {
      const { status, stderr } = await cluster.tranche('quota', 'set', ...args);
      return [status, stderr.split('\n')[0]];
    };
    expect(await refused('busy', '--limit', 'cpus=1')).toEqual([
      4,
      'error: quota not set: limit cpus 1 is below the 2 that role busy uses',
    ]);
    expect(await refused('q2', '--guarantee', 'cpus=9')).toEqual([
      4,
      'error: quota not set: all guarantees together would be cpus 9; the cluster has cpus 8',
    ]);
    expect(await refused('a/b', '--limit', 'cpus=1')).toEqual([
      4,
      'error: quota not set: role a/b is not of the first level',
    ]);
  });

  it('limit what a role is offered, also of what is out already', async () => {
    const greedy = new Hoarder(cluster.url, 'greedy');
    await expect.poll(() => greedy.cpus).toBe(6);
    expect(await update({ role: 'greedy', limits: { cpus: { value: 3 } } })).toMatchObject({ status: 200 });
    await expect.poll(() => greedy.cpus).toBeLessThanOrEqual(3);
    // Whatever is offered from now on stays within it too.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(greedy.cpus).toBeLessThanOrEqual(3);
    expect(greedy.cpus).toBeGreaterThan(0);
    await greedy.end();
  });

  it('guarantee to a role what others have been offered', async () => {
    const others = new Hoarder(cluster.url, 'others');
    await expect.poll(() => others.cpus).toBe(6);
    const favoured = new Hoarder(cluster.url, 'favoured');
    expect(await update({ role: 'favoured', guarantees: { cpus: { value: 4 } } })).toMatchObject({ status: 200 });
    await expect.poll(() => favoured.cpus).toBeGreaterThanOrEqual(4);
    await Promise.all([others.end(), favoured.end()]);
  });

  it('survive a kill of everything', async () => {
    await cluster.crash();
    await cluster.up();
    const { text } = await call('GET_QUOTA');
    expect(JSON.parse(text)).toMatchObject({
      get_quota: { status: { configs: [{ role: 'favoured' }, { role: 'greedy', limits: { cpus: { value: 3 } } }] } },
    });
    expect(await call('REMOVE_QUOTA', { remove_quota: { role: 'greedy' } })).toMatchObject({ status: 200 });
    expect(await cluster.get('/quota')).toMatchObject({ configs: [{ role: 'favoured' }] });
  });
});
