import { type CommandTask, packOffer, Scheduler } from '@tranche/scheduler';
import { expect } from 'vitest';

export const SOON = { timeout: 60_000, interval: 50 };

/** A framework that runs what it is given, and notes what it is told of each task. */
export class MeshFramework {
  readonly states = new Map<string, string[]>();
  subscriptions = 0;
  /** Of its newest subscription. */
  id = '';
  private waiting: CommandTask[] = [];
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;

  constructor(url: string, name = 'mesh-test') {
    this.scheduler = new Scheduler({
      url,
      framework: { user: process.env['USER'] ?? 'root', name, failover_timeout: 600 },
      responseTimeoutMs: 30_000,
    });
    this.running = this.run();
  }

  async launch(id: string, command: string): Promise<void> {
    this.waiting.push({ id, command, cpus: 0.1, memMb: 32 });
    // Between two subscriptions there is nobody to tell.
    const revived = (): Promise<boolean> =>
      this.scheduler.revive().then(
        () => true,
        () => false,
      );
    await expect.poll(revived, SOON).toBe(true);
  }

  stop(): Promise<void> {
    void this.scheduler.teardown();
    return this.running;
  }

  private async run(): Promise<void> {
    for await (const event of this.scheduler) {
      if (event.type === 'subscribed') {
        this.subscriptions++;
        this.id = event.frameworkId;
      }
      if (event.type === 'offers') await this.use(event.offers);
      if (event.type === 'update') {
        const { task_id, state } = event.status;
        this.states.set(task_id.value, [...(this.states.get(task_id.value) ?? []), state]);
      }
    }
  }

  private async use(offers: Parameters<typeof packOffer>[0][]): Promise<void> {
    for (const offer of offers) {
      const packed = packOffer(offer, this.waiting);
      this.waiting = packed.waiting;
      await this.scheduler.launch(offer, packed.launched);
    }
  }
}
