import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { OpenSource } from './open-source.js';

/** As many as curl follows by default when told to follow some. */
const MAX_REDIRECTS = 50;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Where bytes are asked for, and the trace that it belongs to. */
interface HttpSource {
  readonly url: string;
  readonly traceparent?: string | undefined;
}

/**
 * Asks a server, following redirects. The bytes are taken as they are: no encoding is asked for and none undone, so that sizes and
 * checksums are those of what is stored at the address.
 *
 * @param stallTimeoutMs how long the connection may be silent, now and while the body is read
 * @throws with what is wrong, when the answer is not 200
 */
export async function askHttp(
  method: 'GET' | 'HEAD',
  { url, traceparent }: HttpSource,
  stallTimeoutMs: number,
): Promise<OpenSource> {
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await answerOf(method, { url: at, traceparent }, stallTimeoutMs);
    const { statusCode: status = 0, headers } = answer;
    if (status === 200) {
      const size = Number(headers['content-length']);
      return {
        ...(headers['content-length'] === undefined || Number.isNaN(size) ? {} : { sizeBytes: size }),
        body: answer,
      };
    }
    answer.destroy();
    if (!REDIRECTS.has(status)) throw new Error(`HTTP ${status}${at === url ? '' : ` from ${at}`}`);
    at = redirected(at, headers.location, status);
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`);
}

function redirected(from: string, location: string | undefined, status: number): string {
  if (location === undefined || !URL.canParse(location, from)) {
    throw new Error(`HTTP ${status} from ${from} leads nowhere`);
  }
  const target = new URL(location, from);
  // Anything else would let a server name files of this machine.
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new Error(`HTTP ${status} from ${from} leads to ${target.href}, which is not HTTP`);
  }
  return target.href;
}

function answerOf(
  method: 'GET' | 'HEAD',
  { url, traceparent }: HttpSource,
  stallTimeoutMs: number,
): Promise<IncomingMessage> {
  const request = url.toLowerCase().startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      agent: false,
      timeout: stallTimeoutMs,
      headers: {
        accept: '*/*',
        'user-agent': 'tranche-fetcher',
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    });
    const stalled = (): Error => new Error(`no progress for ${stallTimeoutMs / 1000} s`);
    asked.on('timeout', () => asked.destroy(stalled()));
    asked.on('error', (error: NodeJS.ErrnoException) => reject(new Error(wordsOf(error), { cause: error })));
    asked.on('response', (answer) => {
      answer.setTimeout(stallTimeoutMs, () => answer.destroy(stalled()));
      resolve(answer);
    });
    asked.end();
  });
}

/** A connection to several addresses fails with an error of errors, whose own message is empty. */
const wordsOf = (error: NodeJS.ErrnoException & { errors?: readonly Error[] }): string =>
  error.message || error.errors?.[0]?.message || error.code || 'connection failed';
