/**
 * The one place that says how a refusal looks over HTTP: status, headers and body, as Mesos 1.11 answers.
 */

/** Why a request is not served. Messages are the literal texts that clients match. */
export type ApiRefusal =
  /** Body that cannot be read, a call that is not valid, something it names that does not exist. */
  | { readonly kind: 'bad-request'; readonly message: string }
  /** Credentials missing or wrong. */
  | { readonly kind: 'unauthenticated'; readonly realm: string; readonly scheme?: 'Basic' | 'Bearer' }
  /** Not permitted; without a message the bare status text is the body. */
  | { readonly kind: 'forbidden'; readonly message?: string }
  | { readonly kind: 'not-found'; readonly message?: string }
  | { readonly kind: 'method-not-allowed'; readonly allowed: readonly string[]; readonly received: string }
  | { readonly kind: 'not-acceptable'; readonly message: string }
  | { readonly kind: 'conflict'; readonly message: string }
  /** The body is longer than this endpoint reads. */
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  | { readonly kind: 'unsupported-media-type'; readonly message: string }
  /** The request was understood and could not be carried out; the message is for the caller. */
  | { readonly kind: 'failed'; readonly message: string }
  /** A call that Tranche does not serve; `call` is its type, which the body then names. */
  | { readonly kind: 'not-implemented'; readonly call?: string }
  /** Worth a retry: no leader, recovery unfinished. */
  | { readonly kind: 'unavailable'; readonly message: string; readonly retryAfterSeconds?: number }
  /** Another process serves this path. `authority` is `host:port`, `target` the path with its query. */
  | { readonly kind: 'redirect'; readonly authority: string; readonly target: string };

/** An answer without a success: what an adapter writes as it stands. */
export interface HttpError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 text; empty for a redirect. */
  readonly body: string;
}

/** The answer to a request that is refused. */
export function httpError(refusal: ApiRefusal): HttpError {
  switch (refusal.kind) {
    case 'bad-request':
      return text(400, refusal.message);
    case 'unauthenticated':
      return text(401, '401 Unauthorized.', {
        'WWW-Authenticate': `${refusal.scheme ?? 'Basic'} realm="${refusal.realm}"`,
      });
    case 'forbidden':
      return text(403, refusal.message ?? '403 Forbidden.');
    case 'not-found':
      return text(404, refusal.message ?? '404 Not Found.');
    case 'method-not-allowed':
      return methodNotAllowed(refusal.allowed, refusal.received);
    case 'not-acceptable':
      return text(406, refusal.message);
    case 'conflict':
      return text(409, refusal.message);
    case 'too-large':
      return text(413, `413 Payload Too Large. Expecting at most ${refusal.maxBytes} bytes.`);
    case 'unsupported-media-type':
      return text(415, refusal.message);
    case 'failed':
      return text(500, refusal.message);
    case 'not-implemented':
      return text(501, `501 Not Implemented.${refusal.call === undefined ? '' : ` (${refusal.call})`}`);
    case 'unavailable':
      return text(503, refusal.message, retryAfter(refusal.retryAfterSeconds));
    case 'redirect':
      return { status: 307, headers: { Location: `//${refusal.authority}${refusal.target}` }, body: '' };
    default:
      return assertNever(refusal);
  }
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpError {
  return { status, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }, body };
}

function methodNotAllowed(allowed: readonly string[], received: string): HttpError {
  const quoted = allowed.map((method) => `'${method}'`).join(', ');
  const body = `405 Method Not Allowed. Expecting one of { ${quoted} }, but received '${received}'.`;
  return text(405, body, { Allow: allowed.join(', ') });
}

function retryAfter(seconds: number | undefined): Readonly<Record<string, string>> {
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) };
}

function assertNever(refusal: never): never {
  throw new TypeError(`unknown refusal ${JSON.stringify(refusal)}`);
}
