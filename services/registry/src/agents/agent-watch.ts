import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { SweepAgents } from './sweep-agents.js';

/** Runs the sweep once every heartbeat interval while the registry serves. */
export class AgentWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sweep: SweepAgents,
    private readonly intervalMs: number,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweep.execute(), this.intervalMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
