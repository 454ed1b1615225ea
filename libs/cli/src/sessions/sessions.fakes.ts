import { encodeRecord, RecordDecoder } from '@tranche/mesos-api';
import type { FakeRest, FakeRestAnswer } from '../cli.fakes.js';

/** How sessions at the fake agent go. */
export interface FakeSessions {
  /** What a command writes. */
  readonly output?: readonly (readonly ['STDOUT' | 'STDERR', string])[];
  /** Answer to WAIT_NESTED_CONTAINER. */
  readonly end?: { readonly exit_status?: number; readonly message?: string };
  /** It ends when its input has. */
  readonly readsInput?: boolean;
  /** Instead of a session. */
  readonly refusal?: FakeRestAnswer;
}

/** Calls that came, the records of a streamed one each. */
export type SeenCall = Readonly<Record<string, unknown>> & { readonly type: string };

/** What has come as input, byte for byte a character. */
export const inputOf = (seen: readonly SeenCall[]): string =>
  seen
    .map(({ attach_container_input: input }) => {
      const { process_io: io } = (input ?? {}) as { process_io?: { data?: { data?: string } } };
      return Buffer.from(io?.data?.data ?? '', 'base64').toString('latin1');
    })
    .join('');

/** Lets agent a1 answer the calls of sessions. @returns the calls that come */
export function answerSessions(
  rest: FakeRest,
  { output = [], end = { exit_status: 0 }, readsInput, refusal }: FakeSessions,
): SeenCall[] {
  const seen: SeenCall[] = [];
  const inputRead = Promise.withResolvers<void>();
  rest.answers.set('POST /v1/agents/a1/api/v1', (_, body) => {
    if (/^\d/.test(body)) {
      const records = new RecordDecoder().push(Buffer.from(body));
      const calls = records.map((record) => JSON.parse(record.toString()) as SeenCall);
      seen.push(...calls);
      // Input comes in as many requests as it takes; an empty piece is its end.
      if (calls.some(isEndOfInput)) inputRead.resolve();
      return { body: '' };
    }
    const call = JSON.parse(body) as SeenCall;
    seen.push(call);
    if (call.type === 'WAIT_NESTED_CONTAINER') return { body: JSON.stringify({ wait_nested_container: end }) };
    if (refusal) return refusal;
    const text = output.map(recordOf).join('');
    return { type: 'application/recordio', body: readsInput ? inputRead.promise.then(() => text) : text };
  });
  return seen;
}

const isEndOfInput = (call: SeenCall): boolean => {
  const { process_io: io } = (call['attach_container_input'] ?? {}) as { process_io?: { data?: { data?: string } } };
  return io?.data !== undefined && (io.data.data ?? '') === '';
};

function recordOf([type, text]: readonly ['STDOUT' | 'STDERR', string]): string {
  const io = { type: 'DATA', data: { type, data: Buffer.from(text).toString('base64') } };
  return encodeRecord(JSON.stringify(io)).toString();
}
