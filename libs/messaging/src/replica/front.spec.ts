import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { configWith, tlsOptions } from '@tranche/config';
import { silentLogger } from '@tranche/telemetry';
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
