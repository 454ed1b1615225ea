import { unreachable } from '../../api/http-exchange.js';
import { LostConnection } from '../../api/lost-connection.js';
import { problemError } from '../../api/problem.js';
import { sseEvents } from '../../api/sse.js';
import type { CliContext } from '../../cli-context.js';
import { CliError } from '../../cli.errors.js';

/** Before a stream that has ended in good order, as one of a control plane that stops does, is opened again. */
const PAUSE_MS = 500;

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
  const connection = new LostConnection(context);
  let lastEventId: string | undefined;
  for (;;) {
    try {
      const headers = {
        Accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
      };
      const answer = await api.exchange({ method: 'GET', path, headers, signal });
      if ((answer.statusCode ?? 0) >= 400) throw problemError(await api.whole(answer), path);
      for await (const { event, id, data } of sseEvents(answer)) {
        lastEventId = id ?? lastEventId;
        connection.works();
        if (event === 'reset') context.note('the control plane began anew: what happened meanwhile is not told');
        else if (event !== 'ready') take(event, JSON.parse(data) as unknown);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (!(await connection.wait(error instanceof CliError ? error : unreachable(api.url, error), signal))) return;
      continue;
    }
    if (!(await io.sleep(PAUSE_MS, signal))) return;
  }
}
