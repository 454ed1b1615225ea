import { Agent as HttpAgent, type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from './clock.js';

/** A cluster that redirects in circles is given up after this many steps; a Mesos cluster needs one. */
const MAX_REDIRECTS = 5;

/** One request. The body is kept whole, so that it can be sent again to where a redirect points. */
export interface PostRequest {
  headers: OutgoingHttpHeaders;
  body: Uint8Array;
  agents: Agents;
  clock: Clock;
  /** For the response's header, from when the connection is this request's turn. */
  timeoutMs: number;
  /** Aborting it destroys the connection, also while the response is read. */
  signal: AbortSignal;
}

/** Connections of one purpose, for both schemes. */
export interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
}

/** Where the answer came from, after redirects, and the answer, whose body has not been read. */
export interface PostResult {
  url: URL;
  response: IncomingMessage;
}

/**
 * Connections that carry one request at a time, so that calls reach the cluster in the order in which they were made.
 *
 * @param ca certificates, PEM, that are trusted instead of the system's
 */
export function singleConnectionAgents(ca?: string | string[]): Agents {
  return {
    http: new HttpAgent({ keepAlive: true, maxSockets: 1 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 1, ...(ca === undefined ? {} : { ca }) }),
  };
}

/** Closes all connections of `agents`, idle or not. */
export function destroyAgents(agents: Agents): void {
  agents.http.destroy();
  agents.https.destroy();
}

/**
 * Sends a POST and follows redirects, as a master that doesn't lead answers: `Location: //host:port/path`, whose missing scheme
 * is that of the request.
 *
 * @returns once the response's header is there
 * @throws the socket's error (`ECONNREFUSED`, `ECONNRESET` …); an `AbortError` when aborted; an Error when redirects don't end
 */
export async function post(url: URL, request: PostRequest): Promise<PostResult> {
  let target = url;
  for (let step = 0; step <= MAX_REDIRECTS; step += 1) {
    const response = await postOnce(target, request);
    const { location } = response.headers;
    if (response.statusCode !== 307 || location === undefined) return { url: target, response };
    response.resume();
    target = new URL(location, target);
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects, the last to ${target.href}`);
}

function postOnce(
  url: URL,
  { headers, body, agents, clock, timeoutMs, signal }: PostRequest,
): Promise<IncomingMessage> {
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { ...headers, 'Content-Length': body.byteLength }, signal };
    const request = isTls
      ? httpsRequest(url, { ...options, agent: agents.https })
      : httpRequest(url, { ...options, agent: agents.http });
    let stopTimer = (): void => undefined;
    request.once('socket', () => {
      stopTimer = clock.after(timeoutMs, () => request.destroy(new Error(`no answer for ${timeoutMs / 1000} s`)));
    });
    request.on('response', (response) => {
      stopTimer();
      resolve(response);
    });
    request.on('error', (error) => {
      stopTimer();
      reject(error);
    });
    request.end(body);
  });
}

/**
 * Reads the rest of a response as text.
 *
 * @throws the connection's error when it breaks before the end
 */
export async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A connection error in words: `connection refused` rather than `connect ECONNREFUSED 127.0.0.1:5050`. */
export function connectionFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && FAULTS[code]) || message || String(error);
}

const FAULTS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not resolved',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EPIPE: 'connection closed',
};
