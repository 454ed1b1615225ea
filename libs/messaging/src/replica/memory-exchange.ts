import { type ClientRequest, request as httpRequest, type Server } from 'node:http';
import { duplexPair, Writable } from 'node:stream';
import { relayedHeaders } from './relay-headers.js';
import { BodyTooLargeError } from './bodies/relayed-body.js';
import { UnknownFateError } from './unknown-fate.js';

/** A client's request without its body. */
export interface AskedHead {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client's request as it travels to who answers it. */
export interface AskedRequest extends AskedHead {
  readonly body: Buffer;
}

/** Where an answer goes: Node's `ServerResponse`, or what stands for it. */
export type AnswerSink = Writable & {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  flushHeaders(): void;
  readonly headersSent: boolean;
};

/**
 * Asks an application by HTTP over a pair of streams in memory: it cannot tell such a client from one of its own, and notices its end, or
 * that it reads too slowly, in the same way.
 *
 * @returns the request, sent; destroying it is the client's end
 */
export function askInMemory(server: Server, { body, ...head }: AskedRequest): ClientRequest {
  const request = openInMemory(server, head, body.length);
  request.end(body);
  return request;
}

/** As `askInMemory`, of a request whose body is still to be written. @param bodyBytes undefined: nobody knows yet */
export function openInMemory(
  server: Server,
  { method, url, headers }: AskedHead,
  bodyBytes: number | undefined,
): ClientRequest {
  const [client, far] = duplexPair();
  // Unlike two ends of a socket, the one does not learn by itself that the other was destroyed.
  client.on('close', () => far.destroy());
  far.on('close', () => client.destroy());
  server.emit('connection', far);
  const length = bodyBytes === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bodyBytes) };
  return httpRequest({
    ...{ method, path: url, createConnection: () => client },
    headers: { ...headers, connection: 'close', ...length },
  });
}

/** Asks an application of this process and passes its answer on as it comes. Never rejects. */
export function passInMemory(server: Server, asked: AskedRequest, sink: AnswerSink): void {
  const request = askInMemory(server, asked);
  sink.on('close', () => request.destroy());
  sink.on('error', () => undefined);
  request.on('error', () => refuse(sink));
  request.on('response', (response) => {
    const length = response.headers['content-length'];
    const headers = relayedHeaders(response.headers);
    sink.writeHead(
      response.statusCode ?? 502,
      length === undefined ? headers : { ...headers, 'content-length': length },
    );
    sink.flushHeaders();
    response.on('error', () => sink.destroy());
    response.pipe(sink);
  });
}

/** Mesos' clients try again after a 503: it is not said of what may have been done. @param error what kept the request from being answered */
export function refuse(sink: AnswerSink, error?: unknown): void {
  const isLostCall = error instanceof UnknownFateError && error.isSchedulerCall;
  if (isLostCall || sink.headersSent || sink.destroyed) {
    sink.destroy();
    return;
  }
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  const answer = (status: number, text: string, more: Readonly<Record<string, string>> = {}): void => {
    sink.writeHead(status, { ...type, ...more });
    sink.end(text);
  };
  if (error instanceof BodyTooLargeError) answer(413, error.message);
  else if (error instanceof UnknownFateError) answer(504, error.message);
  else answer(503, 'No replica of the service answers; try again', { 'retry-after': '1' });
}

/** A whole answer. */
export interface Collected {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Takes a whole answer into memory. */
export class Collector extends Writable {
  headersSent = false;
  private status = 0;
  private headers: Readonly<Record<string, string>> = {};
  private readonly chunks: Buffer[] = [];
  /** Rejects when the answer was broken off. */
  readonly collected: Promise<Collected>;

  constructor() {
    super();
    this.collected = new Promise((resolve, reject) => {
      this.on('finish', () => {
        resolve({ status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) });
      });
      this.on('close', () => reject(new Error('the answer was broken off')));
    });
  }

  writeHead(status: number, headers: Readonly<Record<string, string>>): void {
    this.status = status;
    this.headers = headers;
    this.headersSent = true;
  }

  flushHeaders(): void {
    // Nobody waits for them.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(Buffer.from(chunk));
    done();
  }
}
