import { readFileSync } from 'node:fs';
import { RecordDecoder } from '@tranche/mesos-api';
import { type Shape, shapeDifferences, shapeOf } from './shape.js';

/** One record of a recorded stream of events. */
export interface RecordedEvent {
  readonly type: string;
  readonly shape: Shape;
}

export const recordedEvents = (name: string): RecordedEvent[] =>
  JSON.parse(readFileSync(new URL(`recordings/operator-${name}.json`, import.meta.url), 'utf8')) as RecordedEvent[];

type OwnEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Follows the stream while something happens. @returns its records up to the first of a type */
export async function followedWhile(url: string, happens: () => Promise<void>, until: string): Promise<OwnEvent[]> {
  const leaving = new AbortController();
  const answer = await fetch(`${url}/api/v1`, {
    method: 'POST',
    body: JSON.stringify({ type: 'SUBSCRIBE' }),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    signal: leaving.signal,
  });
  const events: OwnEvent[] = [];
  const decoder = new RecordDecoder();
  const happening = happens();
  for await (const chunk of answer.body ?? []) {
    for (const record of decoder.push(Buffer.from(chunk))) events.push(JSON.parse(record.toString()) as OwnEvent);
    if (events.some(({ type }) => type === until)) break;
  }
  await happening;
  leaving.abort();
  return events;
}

/** In what events differ from recorded ones: types in their order, heartbeats aside but for the first, and the shape of each. */
export function eventDifferences(recorded: readonly RecordedEvent[], own: readonly OwnEvent[]): string[] {
  const [theirs, ours] = [withoutLaterHeartbeats(recorded), withoutLaterHeartbeats(own)];
  const [order, expected] = [ours, theirs].map((events) => events.map(({ type }) => type).join(' '));
  if (order !== expected) return [`${order} instead of ${expected}`];
  return theirs.flatMap(({ type, shape }, at) =>
    shapeDifferences(shape, shapeOf(ours[at])).map((difference) => `${type}: ${difference}`),
  );
}

const withoutLaterHeartbeats = <E extends { readonly type: string }>(events: readonly E[]): E[] =>
  events.filter(({ type }, at) => type !== 'HEARTBEAT' || at < 2);
