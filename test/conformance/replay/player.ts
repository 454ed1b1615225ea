import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  encodeProtobuf,
  messageTypes,
  type Offer,
  PROTOBUF_TYPE,
  type SchedulerCall,
  type SchedulerEvent,
} from '@tranche/mesos-api';
import { mediaTypeOf, send } from '../scheduler.js';
import { openStream, type Stream, until } from './event-stream.js';
import { offerShape, operationsById, subscribedShape, updatesByTask } from './normalise.js';
import { amountsOf } from './offer-amounts.js';
import type { Exchange } from './recording.js';
import { Transcript } from './transcript.js';

/** For what a recording waits for, e.g. the update that a client acknowledges: longer than its tasks run, on a busy machine. */
const PATIENCE_MS = 20_000;

/** Program of Mesos' own tests that the recordings launch as an executor, and what stands for it here. */
const RECORDED_EXECUTOR = '/opt/mesos/bin/json/test-http-executor';
const OUR_EXECUTOR = `exec ${process.execPath} ${join(import.meta.dirname, '../../executors/test-http-executor.mjs')}`;

export interface Playing {
  /** Calls that were recorded in JSON are said, and answered, in protobuf. */
  readonly inProtobuf?: boolean;
  /** Other tasks ran while it was recorded: its offers were smaller than ours, and any offer stands for them. */
  readonly takesAnyOffer?: boolean;
}

/** Plays the client's part of recorded exchanges to a cluster, and notes where its answers are not those of Mesos. */
export class Player {
  readonly differences: string[] = [];
  private readonly streams: Stream[] = [];
  private readonly frameworks = new Map<string, string>();
  private readonly answered = new Set<string>();
  /** Tasks whose launch was refused: nothing will come of them. */
  private readonly refusedTasks = new Set<string>();
  /** The whole agent, as it is offered at the beginning. */
  private firstOffer: Offer | undefined;
  readonly transcript = new Transcript();
  private readonly inProtobuf: boolean;
  /** Offers of the recording by their names: what was said of one is said of one that holds the same. */
  private readonly recordedOffers: ReadonlyMap<string, Offer>;

  constructor(
    private readonly url: string,
    exchanges: readonly Exchange[],
    private readonly how: Playing = {},
  ) {
    this.inProtobuf = how.inProtobuf === true;
    const offers = exchanges
      .flatMap(({ answer }) => answer.events ?? [])
      .flatMap((event) => event.offers?.offers ?? []);
    this.recordedOffers = new Map(offers.map((offer) => [offer.id.value, offer]));
  }

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
    this.transcript.answered(exchange.title, answer.status, answer.headers['content-type'], answer.body);
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

  /** Compares what came on the streams with what was recorded, once all that was recorded has come. */
  async compareEvents(recorded: readonly SchedulerEvent[]): Promise<void> {
    const named = recorded.map((event) => JSON.parse(this.named(JSON.stringify(event))) as SchedulerEvent);
    await this.compare('UPDATEs', named, updatesByTask);
    await this.compare('UPDATE_OPERATION_STATUSes', named, operationsById);
  }

  private async compare(
    what: string,
    recorded: readonly SchedulerEvent[],
    grouped: (events: readonly SchedulerEvent[]) => Map<string, object[]>,
  ): Promise<void> {
    const expected = grouped(recorded);
    const seen = () => grouped(this.events());
    await until(
      () =>
        [...expected].every(([id, { length }]) => this.refusedTasks.has(id) || (seen().get(id) ?? []).length >= length),
      PATIENCE_MS,
    );
    const actual = seen();
    for (const [id, group] of expected) {
      const got = actual.get(id) ?? [];
      for (let at = 0; at < Math.max(got.length, group.length); at++) {
        if (isDeepStrictEqual(got[at], group[at])) continue;
        this.differences.push(`${what} of ${id}: ${JSON.stringify(got[at])} instead of ${JSON.stringify(group[at])}`);
      }
    }
    this.transcript.toldOf(actual);
  }

  /** Compares the first offer with the recorded one. */
  compareOffers(recorded: readonly SchedulerEvent[]): void {
    const theirs = recorded.find(({ offers }) => offers)?.offers?.offers?.[0];
    if (this.firstOffer === undefined || theirs === undefined) return;
    const [got, wanted] = [this.firstOffer, theirs].map(offerShape);
    if (!isDeepStrictEqual(got, wanted)) {
      this.differences.push(`OFFERS: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
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
    await until(
      () => stream.events.length > 0 && (ended !== true || stream.isEnded || recorded.length > 1),
      PATIENCE_MS,
    );
    const type = this.inProtobuf ? PROTOBUF_TYPE : exchange.answer.headers['content-type'];
    if (stream.mediaType !== type) this.differ(exchange, `streams ${stream.mediaType} instead of ${type}`);
    this.transcript.answered(exchange.title, 200, stream.mediaType, '');
    const [first] = stream.events;
    if (first !== undefined) this.transcript.told(first);
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
      const isAlive = await until(() => stream.events[1]?.type === 'HEARTBEAT', PATIENCE_MS);
      if (isAlive === undefined) this.differ(exchange, 'has no HEARTBEAT in the second place');
      const theirOffer = recorded.flatMap(({ offers }) => offers?.offers ?? [])[0];
      if (theirOffer !== undefined) this.firstOffer = await this.offerLike(theirOffer);
    } else if (!isDeepStrictEqual(first, theirs)) {
      this.differ(exchange, `${JSON.stringify(first)} instead of ${JSON.stringify(theirs)}`);
    }
  }

  /** The recorded text with this cluster's ids; undefined when what it speaks of did not come. */
  private async resolve(text: string, exchange: Exchange): Promise<string | undefined> {
    let resolved = this.named(text);
    for (const [name, taskId, state] of text.matchAll(/\{uuid:([^:}]+):?([^}]*)\}/g)) {
      const uuid = await this.uuidOf(taskId ?? '', state ?? '');
      if (uuid === undefined) {
        this.differ(exchange, `is not sent: no ${state} of ${taskId} came`);
        this.refusedTasks.add(taskId ?? '');
        return undefined;
      }
      resolved = resolved.replace(name, uuid);
    }
    for (const [name] of text.matchAll(/\{offer:\d+\}/g)) {
      const offer = await this.offerLike(this.recordedOffers.get(name));
      if (offer === undefined) {
        this.differ(exchange, 'is not sent: no offer came');
        return undefined;
      }
      resolved = resolved.replaceAll(name, offer.id.value);
    }
    return resolved;
  }

  /**
   * An outstanding offer that holds what the recorded one did: what a call leads to depends on it. When parts of it were offered apart,
   * because they became free at different times, they are declined, so that they come again as one.
   */
  private async offerLike(recorded: Offer | undefined): Promise<Offer | undefined> {
    if (recorded === undefined || this.how.takesAnyOffer) return until(() => this.outstanding().at(-1), PATIENCE_MS);
    const wanted = amountsOf([recorded]);
    const found = await until(async () => {
      const offers = this.outstanding();
      const like = offers.find((offer) => amountsOf([offer]) === wanted);
      if (like === undefined && offers.length > 1 && amountsOf(offers) === wanted) await this.decline(offers);
      return like;
    }, PATIENCE_MS);
    if (found !== undefined) this.transcript.offered(offerShape(found));
    return found ?? this.outstanding().at(-1);
  }

  private async decline(offers: readonly Offer[]): Promise<void> {
    const stream = this.streams.at(-1);
    const framework = stream?.events[0]?.subscribed?.framework_id.value ?? '';
    const offer_ids = offers.map(({ id }) => id);
    const decline = { offer_ids, filters: { refuse_seconds: 0 } };
    const call: SchedulerCall = { type: 'DECLINE', framework_id: { value: framework }, decline };
    for (const { value } of offer_ids) this.answered.add(value);
    await send(this.url, {
      headers: { 'content-type': mediaTypeOf('JSON'), 'mesos-stream-id': stream?.id ?? '' },
      body: JSON.stringify(call),
    });
  }

  private named(text: string): string {
    const agent = this.events().find(({ offers }) => offers)?.offers?.offers?.[0]?.agent_id.value ?? '{agent}';
    let result = text.replaceAll('{agent}', agent).replaceAll(RECORDED_EXECUTOR, OUR_EXECUTOR);
    for (const [i, { id }] of this.streams.entries()) result = result.replaceAll(`{stream:${i}}`, id);
    for (const [name, id] of this.frameworks) result = result.replaceAll(name, id);
    return result;
  }

  /** Offers that nobody has answered or taken back, in the order in which they came. */
  private outstanding(): Offer[] {
    const offers = this.events().flatMap((event) => event.offers?.offers ?? []);
    const rescinded = new Set(this.events().map(({ rescind }) => rescind?.offer_id.value));
    return offers.filter(({ id }) => !this.answered.has(id.value) && !rescinded.has(id.value));
  }

  /** Of the update of a task in that state, or of an operation, once it has come. */
  private async uuidOf(id: string, state: string): Promise<string | undefined> {
    if (this.refusedTasks.has(id)) return undefined;
    if (state === '') return until(() => this.operationUuid(id), PATIENCE_MS);
    const found = await until(() => {
      const statuses = this.events().flatMap(({ update }) => (update === undefined ? [] : [update.status]));
      const ofTask = statuses.filter(({ task_id }) => task_id.value === id);
      return (
        ofTask.find((status) => status.state === state && status.uuid !== undefined) ??
        ofTask.find((status) => status.state === 'TASK_ERROR')
      );
    }, PATIENCE_MS);
    return found?.state === state ? found.uuid : undefined;
  }

  private operationUuid(id: string): string | undefined {
    const statuses = this.events().map((event) => event.update_operation_status?.status);
    return statuses.find((status) => status?.operation_id?.value === id)?.uuid?.value;
  }
}
