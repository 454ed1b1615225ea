import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Offer,
  type SchedulerCall,
  type SchedulerCallType,
  type SchedulerEvent,
  type TaskStatus,
  decodeJson,
  decodeProtobuf,
  encodeProtobuf,
  encodeRecord,
  encodeStreamJson,
  messageTypes,
} from '@tranche/mesos-api';

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/x-protobuf';

/** An answer other than the usual one. */
export interface FakeAnswer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

/** How a fake cluster behaves. */
export interface FakeClusterOptions {
  frameworkId?: string;
  heartbeatIntervalSeconds?: number;
  /** Answers a call in its own way when it returns something; `silence` is no answer at all. */
  answer?: (call: SchedulerCall) => FakeAnswer | 'silence' | undefined;
  /** Requests to other paths than the scheduler API; 404 without it. */
  handle?: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * The cluster's side of the scheduler API, for tests of frameworks: it records calls, and sends the events that the test
 * tells it to. It follows recordings of a Mesos master: status codes, texts, headers, one record a chunk; it decides nothing.
 */
export class FakeCluster {
  /** Every call in order of arrival, SUBSCRIBE included. */
  readonly calls: SchedulerCall[] = [];
  /** Behaviour; may be changed while it runs. */
  readonly options: FakeClusterOptions;
  readonly #server: Server;
  readonly #taken = new Set<SchedulerCall>();
  #waiting: { type: SchedulerCallType; resolve: (call: SchedulerCall) => void }[] = [];
  #stream: ServerResponse | undefined;
  #streamId = '';
  /** Of the stream: what the framework accepts. */
  #contentType = JSON_TYPE;
  #offers = 0;

  private constructor(options: FakeClusterOptions) {
    this.options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Listens on a free port of the loopback interface. */
  static async start(options: FakeClusterOptions = {}): Promise<FakeCluster> {
    const cluster = new FakeCluster(options);
    await new Promise<void>((resolve) => cluster.#server.listen(0, '127.0.0.1', resolve));
    return cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get frameworkId(): string {
    return this.options.frameworkId ?? 'fake-0000';
  }

  /** The first call of this type that this method has not returned before; waits for it. */
  nextCall(type: SchedulerCallType): Promise<SchedulerCall> {
    const known = this.calls.find((call) => call.type === type && !this.#taken.has(call));
    if (known) {
      this.#taken.add(known);
      return Promise.resolve(known);
    }
    return new Promise((resolve) => this.#waiting.push({ type, resolve }));
  }

  /** Writes an event to the stream. */
  send(event: SchedulerEvent): void {
    const { SchedulerEvent } = messageTypes;
    const isProtobuf = this.#contentType === PROTOBUF;
    this.sendBytes(
      encodeRecord(isProtobuf ? encodeProtobuf(SchedulerEvent, event) : encodeStreamJson(SchedulerEvent, event)),
    );
  }

  /** Writes bytes to the stream as they are. */
  sendBytes(bytes: Uint8Array): void {
    if (!this.#stream) throw new Error('no framework is subscribed');
    this.#stream.write(bytes);
  }

  /** Offers the resources of one agent; default 2 cpus, 1 GiB, 1 GiB of disk, ten ports. */
  offer(offer: Partial<Offer> = {}): Offer {
    const made: Offer = {
      id: { value: `fake-O${this.#offers}` },
      framework_id: { value: this.frameworkId },
      agent_id: { value: 'fake-S0' },
      hostname: 'n1',
      resources: [
        { name: 'cpus', type: 'SCALAR', scalar: { value: 2 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 1024 } },
        { name: 'disk', type: 'SCALAR', scalar: { value: 1024 } },
        { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31009 }] } },
      ],
      ...offer,
    };
    this.#offers += 1;
    this.send({ type: 'OFFERS', offers: { offers: [made] } });
    return made;
  }

  /** Sends a task's status, by default from its executor on the agent of `offer`, with a uuid. */
  update(taskId: string, status: Pick<TaskStatus, 'state'> & Partial<TaskStatus>): void {
    const full: TaskStatus = {
      task_id: { value: taskId },
      agent_id: { value: 'fake-S0' },
      source: 'SOURCE_EXECUTOR',
      uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
      ...status,
    };
    this.send({ type: 'UPDATE', update: { status: full } });
  }

  /** Breaks the stream, as a crash of the cluster would. */
  breakStream(): void {
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!/^(\/master)?\/api\/v1\/scheduler\/?$/.test(request.url ?? '')) {
      if (this.options.handle) this.options.handle(request, response);
      else response.writeHead(404).end('404 Not Found.');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const decode = request.headers['content-type'] === PROTOBUF ? decodeProtobuf : decodeJson;
    const decoded = decode(messageTypes.SchedulerCall, Buffer.concat(chunks));
    if (decoded.ok) this.#answer(decoded.value, request, response);
    else response.writeHead(400).end(decoded.error);
  }

  #answer(call: SchedulerCall, request: IncomingMessage, response: ServerResponse): void {
    const answer = this.options.answer?.(call) ?? this.#check(call, request);
    if (answer !== 'silence') this.#respond(call, answer, request, response);
    this.calls.push(call);
    const index = this.#waiting.findIndex(({ type }) => type === call.type);
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting) this.#taken.add(call);
    waiting?.resolve(call);
  }

  #respond(
    call: SchedulerCall,
    { status, body, headers }: FakeAnswer,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (call.type === 'SUBSCRIBE' && status === 200) this.#subscribe(request, response);
    else if (call.type === 'TEARDOWN' && status === 202) this.#teardown(response);
    else response.writeHead(status, headers).end(body);
  }

  #check(call: SchedulerCall, request: IncomingMessage): FakeAnswer {
    const streamId = request.headers['mesos-stream-id'];
    if (![JSON_TYPE, PROTOBUF].includes(request.headers['content-type'] ?? '')) {
      return { status: 415, body: "Expecting 'Content-Type' of application/json or application/x-protobuf" };
    }
    if (call.type === 'SUBSCRIBE') {
      if (streamId === undefined) return { status: 200 };
      return { status: 400, body: "Subscribe calls should not include the 'Mesos-Stream-Id' header" };
    }
    if (call.framework_id?.value !== this.frameworkId) return { status: 400, body: 'Framework cannot be found' };
    if (!this.#stream) return { status: 403, body: 'Framework is not subscribed' };
    if (streamId === undefined) {
      return { status: 400, body: "All non-subscribe calls should include the 'Mesos-Stream-Id' header" };
    }
    if (streamId === this.#streamId) return { status: 202 };
    const text = `The stream ID '${String(streamId)}' included in this request didn't match the stream ID currently associated`;
    return { status: 400, body: `${text} with framework ID ${this.frameworkId}` };
  }

  /** The stream ends first; the answer may be a while behind it. */
  #teardown(response: ServerResponse): void {
    this.#stream?.end(() => setImmediate(() => response.writeHead(202).end()));
  }

  #subscribe(request: IncomingMessage, response: ServerResponse): void {
    this.#contentType = request.headers.accept === PROTOBUF ? PROTOBUF : JSON_TYPE;
    this.#stream = response;
    this.#streamId = randomUUID();
    response.on('close', () => {
      if (this.#stream === response) this.#stream = undefined;
    });
    response.writeHead(200, { 'Content-Type': this.#contentType, 'Mesos-Stream-Id': this.#streamId });
    this.send({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: this.frameworkId },
        heartbeat_interval_seconds: this.options.heartbeatIntervalSeconds ?? 15,
      },
    });
    this.send({ type: 'HEARTBEAT' });
  }
}
