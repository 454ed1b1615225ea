import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, silentLogger } from '@tranche/telemetry';
import { InProcessBroker } from '../in-process/in-process-broker.js';
import { inProcessHost, type ServiceHost } from '../service-host.js';

/** Who is elected is so by then, and has the processor for itself. */
const REHEARSE_AFTER_MS = 2_000;

/** What a rehearsal starts and ends. */
export interface Rehearsed {
  readonly app: { getHttpAdapter(): { getInstance(): { ready(): PromiseLike<unknown> } } };
  stop(): Promise<void>;
}

/**
 * Starts a service that waits for its turn once and ends it again, on a host whose bus leads to nobody and that may write nothing: when it is
 * elected all of its code is loaded and compiled, and it starts in a tenth of the time.
 *
 * @param start as for a life; the host's `mayWrite` says no
 * @param hasBegun whether a life has begun: then there is nothing to rehearse any more
 * @returns when it is over, whatever its end
 */
export async function rehearse(
  service: string,
  start: (host: ServiceHost) => Promise<Rehearsed>,
  { hasBegun, logger, afterMs = REHEARSE_AFTER_MS }: RehearsalOptions,
): Promise<void> {
  await sleep(afterMs, undefined, { ref: false });
  if (hasBegun()) return;
  const host = inProcessHost({ service, broker: new InProcessBroker(), logger: silentLogger });
  const begin = performance.now();
  try {
    const rehearsed = await start({ ...host, mayWrite: async () => false });
    await rehearsed.app.getHttpAdapter().getInstance().ready();
    await rehearsed.stop();
    logger.debug('has rehearsed its start', { tookMs: Math.round(performance.now() - begin) });
  } catch (error) {
    logger.info('could not rehearse its start: a takeover will take longer', { error });
  }
}

interface RehearsalOptions {
  readonly hasBegun: () => boolean;
  readonly logger: Logger;
  readonly afterMs?: number;
}
