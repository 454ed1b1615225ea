import type { Logger } from '@tranche/telemetry';
import type { OffersContext } from '../offers-context.js';
import { forgetFrameworks } from '../frameworks/remove-framework.js';
import type { History } from './history.port.js';

/** Forgets what ended longer ago than the retention; the database is not looked at. */
export function expireMemory(context: Pick<OffersContext, 'state' | 'changes' | 'clock'>, retentionMs: number): void {
  const { state, changes, clock } = context;
  const nowMs = clock.nowMs();
  const oldestMs = nowMs - retentionMs;
  const frameworks = [...state.frameworks.allCompleted()].filter(
    ({ record }) => (record.unregisteredAtMs ?? nowMs) < oldestMs,
  );
  if (frameworks.length > 0) forgetFrameworks(context, frameworks);
  const tasks = [...state.tasks.allCompleted()].filter(({ record }) => (record.endedAtMs ?? nowMs) < oldestMs);
  for (const task of tasks) state.tasks.forget(task);
  if (tasks.length > 0) changes.forgotten({ tasks });
}

/** Keeps memory and database to the retention, one sweep at a time. */
export class HistoryRetention {
  private deleting: Promise<void> | undefined;

  constructor(
    private readonly context: Pick<OffersContext, 'state' | 'changes' | 'clock'>,
    private readonly history: Pick<History, 'expire'>,
    private readonly retentionMs: number,
    private readonly logger: Logger,
  ) {}

  /** Looks for what is past its time. What the database does not delete now, it is asked to the next time. */
  sweep(): void {
    expireMemory(this.context, this.retentionMs);
    this.deleting ??= this.delete().finally(() => {
      this.deleting = undefined;
    });
  }

  /** When what was begun is done. */
  async settled(): Promise<void> {
    await this.deleting;
  }

  private async delete(): Promise<void> {
    try {
      const rows = await this.history.expire(this.context.clock.nowMs() - this.retentionMs);
      if (rows > 0) this.logger.info('history past its retention was deleted', { rows });
    } catch (error) {
      this.logger.warn('history past its retention was not deleted', { error });
    }
  }
}
