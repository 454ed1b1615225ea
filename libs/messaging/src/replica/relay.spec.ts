import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { EndRelayV1, OpenRelayV1, RelayBodyV1, RelayChunksV1, RelayRequestV1 } from '@tranche/contracts';
import { silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskOptions } from '../message-bus.js';
import { RemoteError, UnroutableError } from '../messaging.errors.js';
import type { Answering } from '../self/serve-traces.js';
import { RelayClient } from './relay-client.js';
import { RelayServer } from './relay-server.js';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;
/** Its handlers do not look at it. */
const NO_CONTEXT = { pattern: '', source: 'offers/1', sequence: 0, messageId: '' };
type Handler = Parameters<Answering['addHandler']>[1];

/** A replica with clients, the one that owns, and a bus between them that hands over what it is given. */
class Replicas {
  readonly handlers = new Map<string, Handler>();
  private readonly owner: Server;
  private readonly edge: Server;
  readonly client: RelayClient;
  /** Whether the queue of the replica with the clients is still there. */
  isEdgeThere = true;
  /** The next end of an exchange does not come to the owner. */
  endsGetLost = false;
  /** What was asked, by pattern. */
  readonly asked: string[] = [];

  constructor(serve: Serve) {
    const bus = {
      ask: async (contract: { pattern: string }, _queue: string, request: unknown, { signal }: AskOptions) => {
        signal?.throwIfAborted();
        this.asked.push(contract.pattern);
        const withdrawn = new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
        return Promise.race([this.call(contract.pattern, request), withdrawn]);
      },
      send: async (contract: { pattern: string }, queue: string, items: unknown) => {
        const copies: unknown = JSON.parse(JSON.stringify(items));
        if (contract === RelayChunksV1) {
          if (!this.isEdgeThere) throw new UnroutableError(queue, contract.pattern);
          this.client.take(copies as never, 'offers/1');
        } else if (contract === EndRelayV1 && this.endsGetLost) {
          this.endsGetLost = false;
        } else await this.call(contract.pattern, copies);
      },
    };
    this.owner = createServer(serve);
    new RelayServer('offers/1', bus, silentLogger).serve(
      { addHandler: (pattern, callback) => void this.handlers.set(pattern, callback) },
      Promise.resolve(this.owner),
    );
    this.client = new RelayClient('r1', bus as never, silentLogger);
    this.edge = createServer((request, response) => void this.client.relay('offers', request, response));
  }

  async listen(): Promise<string> {
    this.edge.listen(0, '127.0.0.1');
    await once(this.edge, 'listening');
    return `http://127.0.0.1:${(this.edge.address() as AddressInfo).port}`;
  }

  close(): void {
    this.edge.closeAllConnections();
    this.edge.close();
  }

  private call(pattern: string, given: unknown): Promise<unknown> {
    const handler = this.handlers.get(pattern);
    if (handler === undefined) throw new RemoteError('contracts/invalid-message', `nobody handles ${pattern}`);
    return handler(given as never, NO_CONTEXT);
  }
}

/** A client that sends its body as it likes. */
class Upload {
  readonly request;
  readonly answer: Promise<IncomingMessage>;

  constructor(url: string) {
    this.request = httpRequest(url, { method: 'POST' }).on('error', () => undefined);
    this.answer = once(this.request, 'response').then(([answer]) => answer as IncomingMessage);
    this.answer.catch(() => undefined);
  }

  write(text: string | Buffer): boolean {
    return this.request.write(text);
  }

  async drained(): Promise<void> {
    await once(this.request, 'drain');
  }

  end(text = ''): void {
    this.request.end(text);
  }

  leave(): void {
    this.request.destroy();
  }
}

describe('a request that another replica answers', () => {
  let replicas: Replicas;
  let url: string;
  let serve: Serve;
  beforeEach(async () => {
    replicas = new Replicas((request, response) => serve(request, response));
    url = await replicas.listen();
  });
  afterEach(() => replicas.close());

  it('is answered with the owner’s status, headers and body', async () => {
    serve = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        response.writeHead(202, { 'x-path': request.url, 'content-length': body.length }).end(body);
      });
    };
    const body = new Uint8Array([0, 255, 10, 13, 128]);
    const answer = await fetch(`${url}/a?b=c`, { method: 'POST', body });
    expect([answer.status, answer.headers.get('x-path')]).toEqual([202, '/a?b=c']);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body);
  });

  it('brings back what the owner writes at once in messages of bounded size', async () => {
    serve = (_request, response) => void response.writeHead(200).end(Buffer.alloc(5 << 20, 'x'));
    const sizes: number[] = [];
    const take = replicas.client.take.bind(replicas.client);
    replicas.client.take = (items, source) => {
      for (const { data } of items) sizes.push(data.length);
      take(items, source);
    };
    expect((await (await fetch(url)).text()).length).toBe(5 << 20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 << 20);
  });

  it('streams what the owner writes, in order, to the end', async () => {
    serve = (_request, response) => {
      response.writeHead(200);
      for (let n = 0; n < 200; n++) response.write(`${n};`);
      response.end();
    };
    const answer = await fetch(url);
    expect(await answer.text()).toBe(Array.from({ length: 200 }, (_, n) => `${n};`).join(''));
  });

  it('comes as fast as the client reads, however large it is', async () => {
    let written = 0;
    const pieces = function* (): Generator<Buffer> {
      for (; written < 100; written++) yield Buffer.alloc(1 << 20);
    };
    serve = (_request, response) => void Readable.from(pieces(), { objectMode: false }).pipe(response.writeHead(200));
    const answer = await fetch(url);
    // Until nothing more comes.
    for (let before = -1; before < written; ) {
      before = written;
      for (let turn = 0; turn < 100; turn++) await nextTurn();
    }
    expect(written).toBeLessThan(50);
    expect((await answer.arrayBuffer()).byteLength).toBe(100 << 20);
  });

  it('ends at the owner when the client leaves', async () => {
    const closed = Promise.withResolvers<void>();
    serve = (_request, response) => {
      response.writeHead(200).write('first');
      response.on('close', () => closed.resolve());
    };
    const leaving = new AbortController();
    const answer = await fetch(url, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    await closed.promise;
  });

  it('ends at the owner with what it writes next when the client’s leave got lost', async () => {
    const closed = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    serve = (_request, response) => {
      response.writeHead(200).write('first');
      void left.promise.then(() => response.write('second'));
      response.on('close', () => closed.resolve());
    };
    const leaving = new AbortController();
    const answer = await fetch(url, { signal: leaving.signal });
    await answer.body?.getReader().read();
    replicas.endsGetLost = true;
    leaving.abort();
    await expect.poll(() => replicas.endsGetLost).toBe(false);
    left.resolve();
    await closed.promise;
  });

  it('is not answered when the client’s leave comes before it', async () => {
    serve = () => expect.unreachable('it was asked');
    const handle = (pattern: string, given: unknown) => replicas.handlers.get(pattern)?.(given as never, NO_CONTEXT);
    await handle(EndRelayV1.pattern, [{ exchangeId: 'x' }]);
    const asked = { exchangeId: 'x', replyQueue: 'r', method: 'POST', url: '/', headers: {}, body: '' };
    await expect(handle(RelayRequestV1.pattern, asked)).rejects.toThrow('the client has gone');
  });

  it('is not passed on for a client that has left before this process had a look', async () => {
    const asked: (string | undefined)[] = [];
    serve = (request, response) => {
      asked.push(request.url);
      response.end();
    };
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    // Both are there when the server next reads.
    socket.write('POST /left HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx');
    socket.destroy();
    await fetch(`${url}/later`, { method: 'POST', body: 'x' });
    expect(asked).toEqual(['/later']);
  });

  it('ends at the owner when the client’s replica has gone', async () => {
    const closed = Promise.withResolvers<void>();
    serve = (_request, response) => {
      response.writeHead(200).write('first');
      response.on('close', () => closed.resolve());
      replicas.isEdgeThere = false;
    };
    void fetch(url).catch(() => undefined);
    await closed.promise;
  });

  it('is broken off for the client when somebody else takes over', async () => {
    serve = (_request, response) => void response.writeHead(200).write('first');
    const answer = await fetch(url);
    const reader = answer.body?.getReader();
    await reader?.read();
    replicas.client.placeTaken({ queue: 'offers', source: 'offers/1' });
    replicas.client.placeTaken({ queue: 'registry', source: 'registry/2' });
    expect(replicas.client.size).toBe(1);
    replicas.client.placeTaken({ queue: 'offers', source: 'offers/2' });
    await expect(reader?.read()).rejects.toThrow();
  });

  it('waits for a new owner with what may be in its queue, and takes no answer of the one before', async () => {
    const answers = new Map<string, (answer: unknown) => void>();
    replicas.handlers.set(RelayRequestV1.pattern, (asked: never) => {
      const { url: path } = asked as { url: string };
      return new Promise((resolve) => void answers.set(path, resolve));
    });
    const asked = ['/a', '/b'].map((path) => fetch(`${url}${path}`));
    await expect.poll(() => answers.size).toBe(2);
    replicas.client.placeTaken({ queue: 'offers', source: 'offers/2' });
    const whole = { status: 200, headers: {}, body: '', isContinued: false };
    answers.get('/a')?.({ ...whole, source: 'offers/2' });
    answers.get('/b')?.({ ...whole, source: 'offers/1' });
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 503]);
  });

  it('is refused with 503 when the new owner has nothing of it', async () => {
    let isAsked = false;
    replicas.handlers.set(RelayRequestV1.pattern, () => {
      isAsked = true;
      return new Promise(() => undefined);
    });
    const asked = fetch(url);
    await expect.poll(() => isAsked).toBe(true);
    replicas.client.placeTaken({ queue: 'offers', source: 'offers/2' });
    expect((await asked).status).toBe(503);
  });

  it('is refused with 503 when nobody answers', async () => {
    replicas.handlers.set(RelayRequestV1.pattern, () => Promise.reject(new Error('no answer')));
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(replicas.handlers.has(EndRelayV1.pattern)).toBe(true);
  });

  describe('whose body is long or comes slowly', () => {
    const BLOCK = Buffer.alloc(64 << 10, 'x');

    it('is passed on as its body comes, and answered before that has an end', async () => {
      serve = (request, response) => void request.pipe(response.writeHead(200, { 'x-path': request.url }));
      const upload = new Upload(`${url}/a?b=c`);
      upload.write('one');
      const answer = await upload.answer;
      expect([answer.statusCode, answer.headers['x-path']]).toEqual([200, '/a?b=c']);
      for (const word of ['one', 'two', 'three']) {
        const [chunk] = (await once(answer, 'data')) as [Buffer];
        expect(chunk.toString()).toBe(word);
        if (word === 'one') upload.write('two');
        if (word === 'two') upload.write('three');
      }
      upload.end();
      await once(answer, 'end');
      expect(answer.complete).toBe(true);
    });

    it('comes whole and with its length when that was announced, however large it is', async () => {
      const sent = randomBytes(12 << 20);
      let seen: unknown;
      serve = (request, response) =>
        void buffer(request).then((body) => {
          const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
          seen = { length, coding, isSame: body.equals(sent) };
          response.end();
        });
      const { status } = await fetch(url, { method: 'POST', body: new Uint8Array(sent) });
      expect([status, seen]).toEqual([200, { length: String(sent.length), coding: undefined, isSame: true }]);
    });

    it('goes in one message when it is small and there', async () => {
      serve = (request, response) => void buffer(request).then(() => response.end());
      await fetch(url, { method: 'POST', body: new Uint8Array(256 << 10) });
      expect(replicas.asked).toEqual([RelayRequestV1.pattern]);
    });

    it('comes as fast as the owner reads', async () => {
      const begun = Promise.withResolvers<IncomingMessage>();
      serve = (request, response) => {
        begun.resolve(request);
        request.on('end', () => response.end());
      };
      const upload = new Upload(url);
      const total = 400;
      let written = 0;
      const writing = (async (): Promise<void> => {
        for (; written < total; written++) if (!upload.write(BLOCK)) await upload.drained();
        upload.end();
      })();
      const request = await begun.promise;
      for (let before = -1; before < written; ) {
        before = written;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      // What fits into the sockets of the system, some MiB, and the pieces on their way.
      expect(written).toBeLessThan(total / 2);
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      await writing;
      expect([(await upload.answer).statusCode, bytes]).toEqual([200, total * BLOCK.length]);
    });

    it('breaks off at the owner when the client leaves, and is not taken to be complete', async () => {
      const broken = Promise.withResolvers<boolean>();
      serve = (request) => {
        request.resume().on('error', () => undefined);
        request.on('close', () => broken.resolve(request.complete));
        upload.leave();
      };
      const upload = new Upload(url);
      upload.write('one');
      expect(await broken.promise).toBe(false);
      await expect.poll(() => replicas.client.size).toBe(0);
    });

    it('lets its client read an answer that comes before it has sent all', async () => {
      serve = (_request, response) => void response.writeHead(413).end('too large');
      const upload = new Upload(url);
      upload.write('one');
      const answer = await upload.answer;
      expect([answer.statusCode, (await buffer(answer)).toString()]).toEqual([413, 'too large']);
      for (let n = 0; n < 400; n++) upload.write(BLOCK);
      upload.end();
      await once(upload.request, 'finish');
    });

    it('is answered 504 when somebody takes over before it is answered, and 503 when nobody has begun with it', async () => {
      serve = () => replicas.client.placeTaken({ queue: 'offers', source: 'offers/2' });
      const upload = new Upload(url);
      upload.write('one');
      expect((await upload.answer).statusCode).toBe(504);
      replicas.handlers.set(OpenRelayV1.pattern, () => Promise.reject(new Error('no answer')));
      const next = new Upload(url);
      next.write('one');
      expect((await next.answer).statusCode).toBe(503);
    });

    it('is answered 504 when the owner breaks it off', async () => {
      serve = (request) => void request.socket.destroy();
      const upload = new Upload(url);
      upload.write('one');
      expect((await upload.answer).statusCode).toBe(504);
    });
  });

  describe('whose owner is of a release that takes bodies as a whole', () => {
    beforeEach(() => {
      for (const { pattern } of [OpenRelayV1, RelayBodyV1]) replicas.handlers.delete(pattern);
    });

    it('comes to it when its body is complete, and without another question until somebody takes over', async () => {
      serve = (request, response) => void buffer(request).then((body) => response.end(body));
      const slow = async (): Promise<string> => {
        const upload = new Upload(url);
        upload.write('one');
        await new Promise((resolve) => setTimeout(resolve, 150));
        upload.end('two');
        return (await buffer(await upload.answer)).toString();
      };
      expect([await slow(), await slow()]).toEqual(['onetwo', 'onetwo']);
      expect(replicas.asked).toEqual([OpenRelayV1, RelayRequestV1, RelayRequestV1].map(({ pattern }) => pattern));
      replicas.client.placeTaken({ queue: 'offers', source: 'offers/2' });
      expect(await slow()).toBe('onetwo');
      expect(replicas.asked.slice(3)).toEqual([OpenRelayV1.pattern, RelayRequestV1.pattern]);
    });

    it('is compressed where it is large, so that a broker takes it', async () => {
      const seen = Promise.withResolvers<{ encoding: string | undefined; body: Buffer }>();
      serve = (request, response) => {
        void buffer(request).then((body) => {
          seen.resolve({ encoding: request.headers['content-encoding'], body });
          response.end();
        });
      };
      const body = '{"task":1}'.repeat(3 << 20);
      await fetch(url, { method: 'POST', body });
      const { encoding, body: sent } = await seen.promise;
      expect([encoding, sent.length < 1 << 20, gunzipSync(sent).toString() === body]).toEqual(['gzip', true, true]);
    });

    it.each([
      ['is larger than applications take', () => new Uint8Array((64 << 20) + 1), 'the limit of 67108864 bytes'],
      ['stays larger than a message may be', () => new Uint8Array(randomBytes(12 << 20)), 'up to 11534336 bytes'],
    ])('is refused with 413 when it %s', async (_why, body, text) => {
      const answer = await fetch(url, { method: 'POST', body: body() });
      expect([answer.status, await answer.text()]).toEqual([413, expect.stringContaining(text)]);
    });
  });

  describe('of which nobody answers', () => {
    beforeEach(() => {
      replicas.handlers.set(RelayRequestV1.pattern, () => Promise.reject(new Error('no answer')));
    });

    it('is answered 504 when it changes something: it may have been carried out', async () => {
      const answer = await fetch(`${url}/v1/quotas/web`, { method: 'PUT', body: '{}' });
      expect([answer.status, await answer.text()]).toEqual([
        504,
        'The replica that was asked has not answered: the request may or may not have been carried out',
      ]);
    });

    it('is broken off when it is the call of a subscribed scheduler, and 503 when it is a SUBSCRIBE', async () => {
      const call = { method: 'POST', body: '{}' };
      const headers = { 'mesos-stream-id': 'one' };
      await expect(fetch(`${url}/api/v1/scheduler`, { ...call, headers })).rejects.toThrow('fetch failed');
      expect((await fetch(`${url}/api/v1/scheduler`, call)).status).toBe(503);
    });
  });
});
