import { activeTrace, inSpan } from '../active-context.js';
import { formatTraceparent } from '../trace-context.js';
import { ATTRIBUTE } from './span-names.js';

/** Where a request goes: never its query, nor credentials. */
export interface HttpTarget {
  readonly host: string;
  readonly port: number;
  /** What stands behind a `?` is left out. */
  readonly path: string;
  /** The agent that is asked: a trace is put together of what those that it names have of it. */
  readonly agentId?: string;
}

/** What the request within a span needs of it. */
export interface HttpAsking {
  /** To be sent with the request: the trace goes on at the other end, also where nothing is recorded here. */
  readonly headers: { readonly traceparent?: string };
  /** Told when the answer is there; from 500 on the span has failed. */
  readonly answered: (status: number) => void;
}

/**
 * A request of ours to another server over HTTP, from its beginning until what is run settles: as a rule when the answer begins.
 *
 * Costs nothing to speak of outside of a trace, or where nothing is recorded.
 *
 * @source OpenTelemetry semantic conventions for HTTP clients
 */
export function inHttpClientSpan<T>(
  method: string,
  { host, port, path, agentId }: HttpTarget,
  run: (asking: HttpAsking) => Promise<T>,
): Promise<T> {
  const trace = activeTrace();
  if (trace === undefined) return run(UNTRACED);
  const attributes = {
    [ATTRIBUTE.httpMethod]: method,
    [ATTRIBUTE.serverAddress]: host,
    [ATTRIBUTE.serverPort]: port,
    [ATTRIBUTE.urlPath]: path.replace(/[?#].*$/s, ''),
    ...(agentId === undefined ? {} : { [ATTRIBUTE.agentId]: agentId }),
  };
  return inSpan(method, { kind: 'client', attributes }, (span) =>
    run({
      headers: { traceparent: formatTraceparent(span?.context ?? trace) },
      answered: (status) => {
        span?.set({ [ATTRIBUTE.httpStatus]: status });
        if (status >= 500) span?.fail(`HTTP ${status}`);
      },
    }),
  );
}

const UNTRACED: HttpAsking = { headers: {}, answered: () => undefined };

/** Where a URL leads, without what may be secret in it. @throws TypeError when it is none */
export function targetOf(url: string): HttpTarget {
  const { hostname, port, protocol, pathname } = new URL(url);
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port), path: pathname };
}
