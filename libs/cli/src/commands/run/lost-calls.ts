import { CallLostError, CallRefusedError, type FrameworkEvent, NotSubscribedError } from '@tranche/scheduler';
import type { Instance } from './instance.js';
import type { RunPorts } from './run-framework.js';

/** Before tasks are asked for whose launch may have been lost; doubles each time. */
const ASK_AFTER_MS = 1_000;
const MAX_ASK_MS = 32_000;

/** Why there is no connection, for people. */
export function lostText({ reason, detail }: Extract<FrameworkEvent, { type: 'disconnected' }>): string {
  const what = reason === 'unavailable' ? 'the cluster cannot answer now' : 'connection to the cluster lost';
  return `${what} (${detail}), trying again`;
}

/** The cluster is there, but cannot now: a replica is taking over. Whether it has taken the call is not known. */
export const isBusy = (error: unknown): error is CallRefusedError =>
  error instanceof CallRefusedError && (error.status >= 500 || error.status === 429);

/** A call that found no connection: after the reconnect offers come anew, and the tasks are asked for. */
export function ignoreLostCall(error: unknown): void {
  if (!(error instanceof CallLostError) && !(error instanceof NotSubscribedError)) throw error;
}

/** Asks for the tasks that are starting, with growing waits, until each has been heard of. Never rejects but by `onError`. */
export async function askForStarting(
  { scheduler, io }: Pick<RunPorts, 'scheduler' | 'io'>,
  instances: readonly Instance[],
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<void> {
  for (let waitMs = ASK_AFTER_MS; waitMs <= MAX_ASK_MS; waitMs *= 2) {
    if (!(await io.sleep(waitMs, signal))) return;
    const starting = instances.filter(({ phase }) => phase === 'starting');
    if (starting.length === 0) return;
    const tasks = starting.map(({ taskId = '', agentId = '' }) => ({ taskId, agentId }));
    await scheduler.reconcile(tasks).catch(onError);
  }
}
