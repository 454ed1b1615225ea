import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import type { CheckTarget } from './check-plan.js';
import type { ProbeResult } from './probe.port.js';

export type NetworkTarget = Exclude<CheckTarget, { kind: 'command' }>;

/** As many as curl follows by default, which Mesos asks with. */
const MAX_REDIRECTS = 50;

/**
 * Asks a port or a page from where this process is in the network.
 *
 * @param signal fires when there is no time left
 * @returns without a value when there was no answer; a refused connection is one for `tcp`
 */
export function probeNetwork(target: NetworkTarget, signal: AbortSignal): Promise<ProbeResult> {
  return target.kind === 'tcp' ? probePort(target, signal) : probePage(target, signal);
}

function probePort({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (result: ProbeResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end({ kind: 'tcp', succeeded: true }));
    socket.once('error', (error) =>
      end(
        signal.aborted ? { kind: 'tcp', fault: 'timed out' } : { kind: 'tcp', succeeded: false, fault: error.message },
      ),
    );
  });
}

async function probePage(target: NetworkTarget & { kind: 'http' }, signal: AbortSignal): Promise<ProbeResult> {
  const { scheme, host, port, path } = target;
  let url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const { statusCode = 0, location } = await ask(url, signal);
      const isRedirect = statusCode >= 300 && statusCode < 400 && statusCode !== 304 && location !== undefined;
      if (!isRedirect || !URL.canParse(location, url)) return { kind: 'http', statusCode };
      url = new URL(location, url).href;
      if (!/^https?:/u.test(url)) return { kind: 'http', fault: `redirected to ${url}` };
    }
    return { kind: 'http', fault: `more than ${MAX_REDIRECTS} redirects` };
  } catch (error) {
    return { kind: 'http', fault: signal.aborted ? 'timed out' : (error as Error).message };
  }
}

interface Answer {
  readonly statusCode: number | undefined;
  readonly location: string | undefined;
}

/** The body is read to its end and thrown away: an answer that breaks off is none. */
function ask(url: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const take = (answer: IncomingMessage): void => {
      answer.on('error', reject);
      answer.on('end', () => resolve({ statusCode: answer.statusCode, location: answer.headers.location }));
      answer.resume();
    };
    const options = { signal, agent: false, headers: { accept: '*/*', 'user-agent': 'tranche-check' } } as const;
    // Who it is does not matter: it is the task itself, and its certificate hardly names the loopback address.
    const asked = url.startsWith('https:')
      ? requestHttps(url, { ...options, rejectUnauthorized: false }, take)
      : requestHttp(url, options, take);
    asked.on('error', reject).end();
  });
}
