import { unreachable } from '../../api/http-exchange.js';
import { problemError } from '../../api/problem.js';
import { sseEvents } from '../../api/sse.js';
import type { CliContext } from '../../cli-context.js';
import { CliError, ClusterUnreachableError } from '../../cli.errors.js';

/** A control plane that begins anew is back within this, or it is an error. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 500;

/**
 * The events of a stream as they come. A connection that is lost is made anew, and nothing of what happened meanwhile is missed, unless
 * the control plane begins anew: then that is said.
 *
 * @param path with its query
 * @param take gets the name of each event and its data
 * @throws RefusedError, ClusterUnreachableError
 */
export async function followStream(
  context: CliContext,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
  take: (event: string, data: unknown) => void,
): Promise<void> {
  const { api, io } = context;
  let lastEventId: string | undefined;
  let lostAtMs: number | undefined;
  for (;;) {
    try {
      const headers = {
        Accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
      };
      const answer = await api.exchange({ method: 'GET', path, headers, signal });
      if ((answer.statusCode ?? 0) >= 400) throw problemError(await api.whole(answer), path);
      for await (const { event, id, data } of sseEvents(answer)) {
        lostAtMs = undefined;
        lastEventId = id ?? lastEventId;
        if (event === 'reset') context.note('the control plane began anew: what happened meanwhile is not told');
        else if (event !== 'ready') take(event, JSON.parse(data) as unknown);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      const found = error instanceof CliError ? error : unreachable(api.url, error);
      const nowMs = io.clock.nowMs();
      // Without an id nothing was ever heard: the address is wrong, rather than the connection lost.
      if (!(found instanceof ClusterUnreachableError) || lastEventId === undefined) throw found;
      lostAtMs ??= nowMs;
      if (nowMs - lostAtMs >= PATIENCE_MS) throw found;
    }
    if (!(await io.sleep(RETRY_MS, signal))) return;
  }
}
