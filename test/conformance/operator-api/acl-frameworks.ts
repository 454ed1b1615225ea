import { commandTask, Scheduler, takeResources } from '@tranche/scheduler';

/** A framework of `ops` that runs one task, as the user that it is of. */
export class UserFramework {
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;
  private readonly started = Promise.withResolvers<void>();

  /** @param user as whom its task runs; its name and its role, too, and the task's id begins with it */
  constructor(
    url: string,
    readonly user: string,
  ) {
    const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }];
    const credential = { principal: 'ops', secret: 's3cret' };
    this.scheduler = new Scheduler({ url, credential, framework: { user, name: user, roles: [user], capabilities } });
    this.running = this.run();
    this.running.catch((error: unknown) => this.started.reject(error));
  }

  get id(): string {
    return this.scheduler.frameworkId ?? '';
  }

  /** Its task runs. */
  get isUp(): Promise<void> {
    return this.started.promise;
  }

  async end(): Promise<void> {
    await this.scheduler.teardown();
    await this.running;
  }

  private async run(): Promise<void> {
    let isLaunched = false;
    for await (const event of this.scheduler) {
      if (event.type === 'update' && event.status.state === 'TASK_RUNNING') this.started.resolve();
      if (event.type !== 'offers' || isLaunched) continue;
      for (const offer of event.offers) {
        const taken = takeResources(offer.resources ?? [], { cpus: 0.1, memMb: 32 });
        if (isLaunched || !taken.ok) continue;
        isLaunched = true;
        const task = { id: `${this.user}-1`, command: 'sleep 600', cpus: 0.1, memMb: 32 };
        const info = commandTask(task, { agentId: offer.agent_id.value, resources: taken.taken });
        await this.scheduler.launch(offer, [info]);
      }
    }
  }
}
