import type { Instance } from './instance.js';
import type { RunPorts } from './run-framework.js';

/** Waiting is explained after this, and again whenever so long has passed. */
const EXPLAIN_AFTER_MS = 5_000;

/** Has it told why instances have been waiting for a while, again and again. Ends with the signal; never fails. */
export async function explainWaiting(
  { io, reporter, explain }: Pick<RunPorts, 'io' | 'reporter' | 'explain'>,
  instances: readonly Instance[],
  over: AbortSignal,
): Promise<void> {
  while (await io.sleep(EXPLAIN_AFTER_MS, over)) {
    const nowMs = io.clock.nowMs();
    const waiting = instances.filter(
      ({ phase, beganMs }) => phase === 'waiting' && nowMs - beganMs >= EXPLAIN_AFTER_MS,
    );
    if (waiting.length === 0) continue;
    const live = instances.filter(({ phase }) => phase === 'starting' || phase === 'running');
    const reason = await explain(live).catch(() => undefined);
    if (!over.aborted) reporter.waiting(waiting, reason ?? 'agents have room, but none was offered yet');
  }
}
