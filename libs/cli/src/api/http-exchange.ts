import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ClusterUnreachableError, UsageError } from '../cli.errors.js';

/** One request; `path` is relative to the cluster's address. */
export interface ExchangeRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array | undefined;
  /** The answer may take as long as it likes; otherwise its header has to come within the timeout. */
  isPatient?: boolean;
  /** Ends the exchange, also while its answer is read. */
  signal?: AbortSignal | undefined;
}

/** Sends requests over connections that are kept until `close`. Follows the cluster's 307 answers. */
export class HttpExchange {
  readonly #agent: HttpAgent;
  readonly #isTls: boolean;

  /** @throws UsageError when the file of certificates cannot be read */
  constructor(
    private readonly url: string,
    caFile: string | undefined,
    private readonly timeoutMs: number,
  ) {
    this.#isTls = url.startsWith('https:');
    const ca = caFile === undefined ? undefined : readCertificates(caFile);
    this.#agent = this.#isTls
      ? new HttpsAgent({ keepAlive: true, ...(ca && { ca }) })
      : new HttpAgent({ keepAlive: true });
  }

  /**
   * @returns when the header of the answer is there; its body has not been read
   * @throws ClusterUnreachableError
   */
  async send(request: ExchangeRequest): Promise<IncomingMessage> {
    const target = new URL(`${this.url}${request.path}`);
    const answer = await this.sendTo(target, request);
    const { location } = answer.headers;
    if (answer.statusCode !== 307 || location === undefined) return answer;
    answer.resume();
    return this.sendTo(new URL(location, target), request);
  }

  /** Ends kept connections, also those that still carry an answer. */
  close(): void {
    this.#agent.destroy();
  }

  private sendTo(url: URL, { method, headers, body, isPatient, signal }: ExchangeRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = this.#isTls ? httpsRequest : httpRequest;
      const request = send(url, { method, headers, agent: this.#agent, ...(signal && { signal }) }, (answer) => {
        request.setTimeout(0);
        resolve(answer);
      });
      const timeoutMs = isPatient ? 0 : this.timeoutMs;
      request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer for ${timeoutMs / 1000} s`)));
      request.on('error', (error) => reject(unreachable(this.url, error)));
      request.end(body);
    });
  }
}

/** The error for a connection that cannot be made or breaks. */
export function unreachable(url: string, cause: unknown): ClusterUnreachableError {
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  const fault = faultOf(cause);
  // Where something has answered, a cluster runs.
  const isDown = isLocal && fault === FAULTS['ECONNREFUSED'];
  return new ClusterUnreachableError(
    `cannot reach ${url} (${fault})`,
    [`${isDown ? 'no local cluster is running: tranche local up      ' : ''}another one: tranche config use NAME`],
    { cause },
  );
}

const FAULTS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not resolved',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
};

function faultOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return FAULTS[code ?? ''] ?? message;
}

/** @throws UsageError when they cannot be read */
export function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read the certificates in ${path}`, [(cause as Error).message], { cause });
  }
}
