import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import {
  decodeBody,
  encodeProtobuf,
  JSON_TYPE,
  type MediaType,
  messageTypes,
  PROTOBUF_TYPE,
  RecordDecoder,
  type SchedulerCall,
  type SchedulerEvent,
  type SchedulerEventType,
  type TaskStatus,
} from '@tranche/mesos-api';

export type Encoding = 'JSON' | 'protobuf';

export const mediaTypeOf = (encoding: Encoding): MediaType => (encoding === 'JSON' ? JSON_TYPE : PROTOBUF_TYPE);

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Longer than any answer takes on a loaded machine; a rule that waits so long has failed. */
const PATIENCE_MS = 5_000;

/** Calls go over connections of their own that stay open, as schedulers' do. */
const connections = new Agent({ keepAlive: true });

/** One request, byte for byte as said: no header is added but Host and the length. */
export async function send(url: string, sending: Sending): Promise<Answer> {
  const response = await respond(url, sending, connections);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), headers: response.headers };
}

function respond(url: string, sending: Sending, agent?: Agent, opened?: (request: ClientRequest) => void) {
  const { method = 'POST', path = '/api/v1/scheduler', headers = {}, body = '' } = sending;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request(url + path, { method, headers: { ...headers, ...length }, ...(agent ? { agent } : {}) });
    opened?.(sent);
    sent.on('response', resolve).on('error', reject);
    sent.end(body);
  });
}

export function encodeCall(encoding: Encoding, call: SchedulerCall): string | Buffer {
  return encoding === 'JSON' ? JSON.stringify(call) : encodeProtobuf(messageTypes.SchedulerCall, call);
}

/** A scheduler as a client writes one: a stream of events, and calls on other connections, all in one encoding. */
export class Scheduler {
  /** Events that no rule has looked at yet. */
  private readonly unread: SchedulerEvent[] = [];
  readonly chunks: Buffer[] = [];
  private wake: () => void = () => undefined;
  private barriers = 0;
  frameworkId = '';
  isEnded = false;

  private constructor(
    private readonly url: string,
    readonly encoding: Encoding,
    readonly headers: IncomingHttpHeaders,
    private readonly stream: ClientRequest,
  ) {}

  /** Sends a SUBSCRIBE and reads the stream from then on. The answer must be a stream. */
  static async open(
    url: string,
    encoding: Encoding,
    call: SchedulerCall,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Scheduler> {
    const mediaType = mediaTypeOf(encoding);
    const headers = { 'Content-Type': mediaType, Accept: mediaType, ...more };
    const body = encodeCall(encoding, call);
    let stream: ClientRequest | undefined;
    const response = await respond(url, { headers, body }, undefined, (opened) => (stream = opened));
    if (response.statusCode !== 200 || stream === undefined) throw new Error(`SUBSCRIBE: ${response.statusCode}`);
    const scheduler = new Scheduler(url, encoding, response.headers, stream);
    scheduler.read(response);
    return scheduler;
  }

  get streamId(): string {
    return String(this.headers['mesos-stream-id']);
  }

  /** The next event of a type; those before it are passed over. */
  async next<T extends SchedulerEventType>(type: T): Promise<SchedulerEvent & { type: T }> {
    const found = await this.until(() => {
      const at = this.unread.findIndex((event) => event.type === type);
      return at < 0 ? undefined : this.unread.splice(0, at + 1).at(-1);
    }, `no ${type}`);
    return found as SchedulerEvent & { type: T };
  }

  /** The status of the next update. */
  async status(): Promise<TaskStatus> {
    const { update } = await this.next('UPDATE');
    if (update === undefined) throw new Error('UPDATE without its member');
    return update.status;
  }

  /** Resolves when the service has closed the stream; what came before stays unread. */
  async end(): Promise<SchedulerEvent[]> {
    await this.until(() => this.isEnded || undefined, 'stream not ended');
    return this.unread.splice(0);
  }

  /** Sends a call of this framework on its present stream. */
  call(call: Omit<SchedulerCall, 'framework_id'>, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = encodeCall(this.encoding, { framework_id: { value: this.frameworkId }, ...call });
    const common = { 'Content-Type': mediaTypeOf(this.encoding), 'Mesos-Stream-Id': this.streamId };
    return send(this.url, { headers: { ...common, ...headers }, body });
  }

  /**
   * All events that came before now, heartbeats aside. A reconciliation of a task that nobody has marks the place: what an earlier call
   * would have brought is before it.
   */
  async settled(): Promise<SchedulerEvent[]> {
    const mark = `mark-${this.barriers++}`;
    const tasks = [{ task_id: { value: mark }, agent_id: { value: 'no-such-agent' } }];
    await this.call({ type: 'RECONCILE', reconcile: { tasks } });
    return this.until(() => {
      const at = this.unread.findIndex((event) => event.update?.status.task_id.value === mark);
      if (at < 0) return undefined;
      const before = this.unread.splice(0, at + 1).slice(0, -1);
      return before.filter((event) => event.type !== 'HEARTBEAT');
    }, 'the mark did not come back');
  }

  /** Goes away without a word. */
  leave(): void {
    this.stream.destroy();
  }

  private read(response: IncomingMessage): void {
    const decoder = new RecordDecoder();
    response.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      for (const record of decoder.push(chunk)) {
        const event = decodeBody(messageTypes.SchedulerEvent, mediaTypeOf(this.encoding), record);
        if (!event.ok) throw new Error(event.error);
        this.unread.push(event.value);
      }
      this.wake();
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      this.isEnded = true;
      this.wake();
    });
  }

  private async until<T>(look: () => T | undefined, otherwise: string): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${otherwise} within ${PATIENCE_MS} ms; unread: ${JSON.stringify(this.unread)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
