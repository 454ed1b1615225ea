import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { configWith, tlsOptions } from '@tranche/config';
import { firewallOf } from '@tranche/http';
import { Metrics, silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Front } from './front.js';

let front: Front;
let url: string;
let server: Server;
const connections = new Agent({ keepAlive: true });

beforeEach(async () => {
  front = new Front(
    {
      service: 'registry',
      whole: () => (request, response) => {
        ({ server } = request.socket as typeof request.socket & { server: Server });
        response.end('whole');
      },
      owned: () => [],
      disabled: () => undefined,
      serve: (_request, response) => void response.end(),
      readiness: () => ({}),
      metrics: () => [],
    },
    { tls: configWith(tlsOptions, {}), logger: silentLogger },
  );
  url = await front.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => {
  front.close();
  connections.destroy();
});

async function answered(): Promise<IncomingMessage> {
  const [answer] = (await once(get(url, { agent: connections }), 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer;
}

describe('the address of a replica', () => {
  it('promises to hold the connection of a client that is silent for an hour', async () => {
    const { headers } = await answered();
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=3600' });
  });

  it('lets a request take as long as its client likes, but not its head', async () => {
    await answered();
    expect(server).toMatchObject({ requestTimeout: 0, headersTimeout: 60_000 });
  });

  it('ends connections on which nothing happens when it takes no more requests', async () => {
    await answered();
    const [idle] = Object.values(connections.freeSockets).flat();
    front.stopListening();
    await once(idle!, 'close');
  });
});

describe('the address of a replica that does not work on all of its service', () => {
  const served = async (rules: object, path: string) => {
    const waiting = new Front(
      {
        service: 'registry',
        whole: () => undefined,
        owned: () => [],
        disabled: firewallOf({ authFirewallRules: JSON.stringify({ disabled_endpoints: rules }) }, 'cluster'),
        serve: (_request, response) => void response.end('served'),
        readiness: () => ({ broker: true }),
        metrics: () => [new Metrics('registry')],
      },
      { tls: configWith(tlsOptions, {}), logger: silentLogger },
    );
    try {
      const answer = await fetch(`${await waiting.listen({ host: '127.0.0.1', port: 0 })}${path}`);
      return [answer.status, answer.headers.get('content-type'), await answer.text()];
    } finally {
      waiting.close();
    }
  };

  it.each(['/metrics', '/readyz', '/healthz'])('answers nobody at %s when that is disabled', async (path) => {
    const refused = [403, 'text/plain; charset=utf-8', `Endpoint '${path}' is disabled`];
    expect(await served({ paths: [path] }, path)).toEqual(refused);
    expect(await served({ paths: [`/master${path}/`] }, `${path}?x=1`)).toEqual(refused);
  });

  it.each(['/metrics', '/readyz', '/healthz'])('answers %s when others are disabled', async (path) => {
    const others = ['/state', '/metrics', '/readyz', '/healthz'].filter((other) => other !== path);
    expect((await served({ paths: others }, path))[0]).toBe(200);
  });

  it('leaves it to the application what is disabled of the rest', async () => {
    expect(await served({ paths: ['/state'] }, '/state')).toEqual([200, null, 'served']);
  });
});
