import type { Logger } from '@tranche/telemetry';
import type { AgentParts } from './compose-agent.js';

/**
 * Why an agent stopped: it was told to, it was started to end what the agent before left running, the registry refused it, or it could not write
 * its journal any more.
 */
export type AgentEnd =
  | { readonly cause: 'stopped' }
  | { readonly cause: 'cleaned-up' }
  | { readonly cause: 'refused'; readonly reason: string }
  | { readonly cause: 'failed'; readonly error: Error };

/** Sees to it that an agent ends once, whoever wants it first. */
export class EndAgent {
  private readonly settled = Promise.withResolvers<AgentEnd>();
  private parts: AgentParts | undefined;
  private underWay: Promise<void> | undefined;

  /** @param release lets go of the server, the journal and the work directory */
  constructor(
    private readonly release: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Settles when the agent has ended. */
  get ended(): Promise<AgentEnd> {
    return this.settled.promise;
  }

  /** What there is to be stopped. */
  begin(parts: AgentParts): void {
    this.parts = parts;
  }

  /**
   * A refused agent ends its tasks: nobody else would. A failed one lets them run: it can't even write down that they end.
   *
   * @returns when everything is released; a second call joins the first. Never rejects
   */
  end(end: AgentEnd, killTasks = end.cause === 'refused'): Promise<void> {
    this.underWay ??= this.run(end, killTasks);
    return this.underWay;
  }

  private async run(end: AgentEnd, killTasks: boolean): Promise<void> {
    let outcome = end;
    try {
      if (this.parts !== undefined) await stop(this.parts, killTasks, end.cause === 'stopped');
    } catch (error) {
      this.logger.error('agent could not stop in order', { error });
      outcome = { cause: 'failed', error: error as Error };
    }
    await this.release();
    this.settled.resolve(outcome);
  }
}

async function stop(parts: AgentParts, killTasks: boolean, leavesCluster: boolean): Promise<void> {
  const { lifecycle, registration, drain, stopper, cleanups, updates, operationUpdates } = parts;
  lifecycle.enter('stopping');
  registration.abandon();
  parts.collector.stop();
  parts.imageCollector.stop();
  parts.outputs.stop();
  drain.stop();
  if (killTasks) {
    await stopper.endTasks();
    await cleanups.idle();
    if (leavesCluster) await stopper.leave('agent stopped');
  }
  updates.pause();
  operationUpdates.pause();
  lifecycle.enter('stopped');
}
