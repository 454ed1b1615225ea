import { type AgentProcessIO, type AgentResponse, RecordDecoder } from '@tranche/mesos-api';

/**
 * What a session writes, a line of JSON for each piece: `{"session":ID}` first, then `{"stdout":BASE64}` and `{"stderr":BASE64}`, `{}` now
 * and then so that a silent one is seen to stand, and how it ended: `{"exitCode":N}`, or `{"error":TEXT}` when it could not run.
 *
 * @param output of the agent, in records
 * @param ended how it ended; asked when the output is over
 */
export async function* outputLines(
  session: string,
  output: AsyncIterable<Uint8Array>,
  ended: () => Promise<SessionEnd>,
): AsyncGenerator<Buffer> {
  yield line({ session });
  const decoder = new RecordDecoder();
  for await (const chunk of output) {
    for (const record of decoder.push(Buffer.from(chunk))) yield line(pieceOf(record));
  }
  yield line(await ended());
}

/** Exactly one of them. */
export interface SessionEnd {
  /** As a shell gives it: 128 and the signal for one that died of that. */
  readonly exitCode?: number;
  readonly error?: string;
}

/** How a session ended, from the answer to WAIT_NESTED_CONTAINER. */
export function endOf({ wait_nested_container: waited }: AgentResponse): SessionEnd {
  const { exit_status: status, message } = waited ?? {};
  if (status === undefined) return { error: message ?? 'the agent does not say how it ended' };
  const signal = status & 0x7f;
  return { exitCode: signal === 0 ? (status >> 8) & 0xff : 128 + signal };
}

function pieceOf(record: Buffer): Readonly<Record<string, string>> {
  const { data } = JSON.parse(record.toString('utf8')) as AgentProcessIO;
  if (data?.type !== 'STDOUT' && data?.type !== 'STDERR') return {};
  return { [data.type === 'STDOUT' ? 'stdout' : 'stderr']: data.data ?? '' };
}

const line = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
