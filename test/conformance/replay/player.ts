import { join } from 'node:path';
import { type ClientRequest, request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import {
  decodeBody,
  encodeProtobuf,
  type MediaType,
  messageTypes,
  PROTOBUF_TYPE,
  RecordDecoder,
  type SchedulerCall,
  type SchedulerEvent,
} from '@tranche/mesos-api';
import { send } from '../scheduler.js';
import { offerShape, subscribedShape, updatesByTask } from './normalise.js';
import type { Exchange } from './recording.js';

/** An open event stream. */
interface Stream {
  readonly id: string;
  readonly events: SchedulerEvent[];
  readonly mediaType: string;
  readonly connection: ClientRequest;
  isEnded: boolean;
}

/** For what a recording waits for, e.g. the update that a client acknowledges: longer than its tasks run. */
const PATIENCE_MS = 10_000;
/** For an offer: what was refused is offered again after 5 s, if nothing else was said. */
const OFFER_PATIENCE_MS = 8_000;

/** Program of Mesos' own tests that the recordings launch as an executor, and what stands for it here. */
const RECORDED_EXECUTOR = '/opt/mesos/bin/json/test-http-executor';
const OUR_EXECUTOR = `exec ${process.execPath} ${join(import.meta.dirname, '../../executors/test-http-executor.mjs')}`;

/** Plays the client's part of recorded exchanges to a cluster, and notes where its answers are not those of Mesos. */
export class Player {
  readonly differences: string[] = [];
  private readonly streams: Stream[] = [];
  private readonly frameworks = new Map<string, string>();
  private readonly answered = new Set<string>();
  /** Tasks whose launch was refused: nothing will come of them. */
  private readonly refusedTasks = new Set<string>();

  /** @param inProtobuf whether calls that were recorded in JSON are said, and answered, in protobuf */
  constructor(
    private readonly url: string,
    private readonly inProtobuf = false,
  ) {}

  async play(exchange: Exchange): Promise<void> {
    const body = await this.resolve(exchange.request.body, exchange);
    if (body === undefined) return;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(exchange.request.headers)) {
      headers[name] = value.replace(/\{stream:(\d+)\}/, (_all, n: string) => this.streams[Number(n)]?.id ?? '');
    }
    if (this.inProtobuf) headers['content-type'] = headers['accept'] = PROTOBUF_TYPE;
    const said = this.inProtobuf ? encodeProtobuf(messageTypes.SchedulerCall, JSON.parse(body) as SchedulerCall) : body;
    if (exchange.answer.events !== undefined) return this.subscribe(exchange, headers, said);
    const { method, path } = exchange.request;
    const answer = await send(this.url, { method, path, headers, body: said });
    const { status } = exchange.answer;
    if (answer.status !== status) {
      this.differ(exchange, `answers ${answer.status} instead of ${status}: ${answer.body}`);
      for (const [, taskId = ''] of body.matchAll(/"task_id":\{"value":"([^"]+)"/g)) this.refusedTasks.add(taskId);
      return;
    }
    for (const offer of body.matchAll(/[0-9a-f-]{36}-O\d+/g)) this.answered.add(offer[0]);
    const expected = this.named(exchange.answer.body ?? '');
    if (answer.body !== expected) this.differ(exchange, `says '${answer.body}' instead of '${expected}'`);
    for (const [name, value] of Object.entries(exchange.answer.headers)) {
      if (answer.headers[name] !== value)
        this.differ(exchange, `${name} is ${String(answer.headers[name])}, not ${value}`);
    }
  }

  /** Compares what came on the streams with what was recorded, once all that was recorded has had time to come. */
  async compareEvents(recorded: readonly SchedulerEvent[]): Promise<void> {
    const expected = updatesByTask(recorded.map((event) => JSON.parse(this.named(JSON.stringify(event)))));
    const seen = () => updatesByTask(this.events());
    await until(() =>
      [...expected].every(([id, group]) => this.refusedTasks.has(id) || (seen().get(id)?.length ?? 0) >= group.length),
    );
    const actual = seen();
    for (const [taskId, group] of expected) {
      const got = actual.get(taskId) ?? [];
      if (!isDeepStrictEqual(got, group)) {
        this.differences.push(`UPDATEs of ${taskId}: ${JSON.stringify(got)} instead of ${JSON.stringify(group)}`);
      }
    }
  }

  /** Compares the first offer with the recorded one. */
  compareOffers(recorded: readonly SchedulerEvent[]): void {
    const [offer, theirs] = [this.events(), recorded].map(
      (all) => all.find(({ offers }) => offers)?.offers?.offers?.[0],
    );
    if (offer && theirs && !isDeepStrictEqual(offerShape(offer), offerShape(theirs))) {
      const [got, wanted] = [offer, theirs].map((one) => JSON.stringify(offerShape(one)));
      this.differences.push(`OFFERS: ${got} instead of ${wanted}`);
    }
  }

  close(): void {
    for (const { connection } of this.streams) connection.destroy();
  }

  private events(): SchedulerEvent[] {
    return this.streams.flatMap(({ events }) => events);
  }

  private differ({ title }: Exchange, what: string): void {
    this.differences.push(`${title}: ${what}`);
  }

  private async subscribe(exchange: Exchange, headers: Record<string, string>, body: string | Buffer): Promise<void> {
    const { events: recorded = [], ended } = exchange.answer;
    const stream = await openStream(this.url, exchange.request.path, headers, body);
    this.streams.push(stream);
    await until(() => stream.events.length > 0 && (ended !== true || stream.isEnded || recorded.length > 1));
    const type = this.inProtobuf ? PROTOBUF_TYPE : exchange.answer.headers['content-type'];
    if (stream.mediaType !== type) this.differ(exchange, `streams ${stream.mediaType} instead of ${type}`);
    const [first] = stream.events;
    const [theirs] = recorded;
    if (first?.type !== theirs?.type || theirs === undefined || first === undefined) {
      this.differ(exchange, `begins with ${first?.type} instead of ${theirs?.type}`);
    } else if (theirs.type === 'SUBSCRIBED') {
      const name = theirs.subscribed?.framework_id.value ?? '';
      this.frameworks.set(name, first.subscribed?.framework_id.value ?? '');
      const [got, wanted] = [first, theirs].map(subscribedShape);
      if (!isDeepStrictEqual(got, wanted)) {
        this.differ(exchange, `SUBSCRIBED ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
      }
      await until(() => stream.events[1]?.type === 'HEARTBEAT');
      if (recorded.some(({ type }) => type === 'OFFERS'))
        await until(() => stream.events.some((e) => e.type === 'OFFERS'));
    } else if (!isDeepStrictEqual(first, theirs)) {
      this.differ(exchange, `${JSON.stringify(first)} instead of ${JSON.stringify(theirs)}`);
    }
  }

  /** The recorded text with this cluster's ids; undefined when what it speaks of did not come. */
  private async resolve(text: string, exchange: Exchange): Promise<string | undefined> {
    let resolved = this.named(text);
    for (const [name, taskId, state] of text.matchAll(/\{uuid:([^:}]+):?([^}]*)\}/g)) {
      const uuid = await this.uuidOf(taskId ?? '', state ?? '');
      if (uuid === undefined && exchange.title.includes('OPERATION_STATUS')) {
        resolved = resolved.replace(name, 'm7hTfEsSSD26OOJscVzU5Q==');
        continue;
      }
      if (uuid === undefined) {
        this.differ(exchange, `is not sent: no ${state} of ${taskId} came`);
        this.refusedTasks.add(taskId ?? '');
        return undefined;
      }
      resolved = resolved.replace(name, uuid);
    }
    for (const [name] of text.matchAll(/\{offer:\d+\}/g)) {
      const offer = await until(() => this.outstanding(), OFFER_PATIENCE_MS);
      if (offer === undefined) {
        this.differ(exchange, 'is not sent: no offer came');
        return undefined;
      }
      resolved = resolved.replaceAll(name, offer);
    }
    return resolved;
  }

  private named(text: string): string {
    const agent = this.events().find(({ offers }) => offers)?.offers?.offers?.[0]?.agent_id.value ?? '{agent}';
    let result = text.replaceAll('{agent}', agent).replaceAll(RECORDED_EXECUTOR, OUR_EXECUTOR);
    for (const [i, { id }] of this.streams.entries()) result = result.replaceAll(`{stream:${i}}`, id);
    for (const [name, id] of this.frameworks) result = result.replaceAll(name, id);
    return result;
  }

  private outstanding(): string | undefined {
    const ids = this.events().flatMap(({ offers }) => offers?.offers?.map(({ id }) => id.value) ?? []);
    const rescinded = new Set(this.events().map(({ rescind }) => rescind?.offer_id.value));
    return ids.findLast((id) => !this.answered.has(id) && !rescinded.has(id));
  }

  private async uuidOf(taskId: string, state: string): Promise<string | undefined> {
    if (this.refusedTasks.has(taskId)) return undefined;
    const found = await until(() => {
      const statuses = this.events().flatMap(({ update }) => (update === undefined ? [] : [update.status]));
      const ofTask = statuses.filter(({ task_id }) => task_id.value === taskId);
      return (
        ofTask.find((status) => status.state === state && status.uuid !== undefined) ??
        ofTask.find((status) => status.state === 'TASK_ERROR')
      );
    });
    return found?.state === state ? found.uuid : undefined;
  }
}

function openStream(
  url: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const connection = request(url + path, { method: 'POST', headers }, (response) => {
      const mediaType = String(response.headers['content-type']);
      const id = String(response.headers['mesos-stream-id']);
      const stream: Stream = { id, mediaType, events: [], connection, isEnded: false };
      const decoder = new RecordDecoder();
      response.on('data', (chunk: Buffer) => {
        for (const record of decoder.push(chunk)) {
          const event = decodeBody(messageTypes.SchedulerEvent, mediaType as MediaType, record);
          if (event.ok) stream.events.push(event.value);
        }
      });
      response.on('error', () => undefined);
      response.on('close', () => (stream.isEnded = true));
      resolve(stream);
    });
    connection.on('error', reject);
    connection.end(body);
  });
}

/** What the condition gives as soon as that is neither undefined nor false; undefined when it stays so for long. */
async function until<T>(condition: () => T | undefined | false, patienceMs = PATIENCE_MS): Promise<T | undefined> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = condition();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
