import type { PublicService } from '@tranche/http';
import { allServing, type ManagedProcess } from './managed-process.js';
import { untilActive } from './until-active.js';

/** The processes of one service: each takes requests and hands on what another owns. */
export class ServiceReplicas {
  private turn = 0;

  constructor(
    readonly service: PublicService,
    readonly processes: readonly ManagedProcess[],
  ) {}

  /** Where the next request goes: to each that serves in its turn. Undefined while none does. */
  get url(): string | undefined {
    const { addresses } = this;
    return addresses[this.turn++ % addresses.length];
  }

  /** @returns when all serve and one works @throws LocalStartError as `ManagedProcess.start` */
  async start(): Promise<void> {
    await allServing(this.processes);
    await untilActive(
      () => this.addresses,
      () => this.processes.every(({ isStopping }) => isStopping),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop({ endTasks: false })));
  }

  private get addresses(): readonly string[] {
    return this.processes.flatMap(({ url }) => (url === undefined ? [] : [url]));
  }
}
