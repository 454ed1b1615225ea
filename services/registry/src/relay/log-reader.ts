import type { Readable } from 'node:stream';
import type { AgentAddress, AgentAnswer, AgentHttp } from './agent-http.port.js';

/** A file on an agent, by the path under which the agent serves it. */
export interface AgentFile {
  readonly agent: AgentAddress;
  readonly path: string;
}

/** Looking for the start of the last lines begins with this much of the file's end, and goes back in ever larger steps. */
const FIRST_WINDOW_BYTES = 64 << 10;
const WINDOW_GROWTH = 4;
const NEWLINE = 0x0a;

const query = (values: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(values).map(([key, value]): [string, string] => [key, String(value)])).toString();

/** Reads parts of agents' files by the agent's own endpoints, to the byte. */
export class LogReader {
  constructor(private readonly http: Pick<AgentHttp, 'get'>) {}

  /**
   * The file's size now.
   *
   * @returns the agent's answer as it is when there is no such file
   */
  async size(file: AgentFile, signal: AbortSignal): Promise<{ sizeBytes: number } | { refused: AgentAnswer }> {
    const answer = await this.http.get(file.agent, `/files/read?${query({ path: file.path })}`, signal);
    if (answer.status !== 200) return { refused: answer };
    const { offset } = JSON.parse((await bytesOf(answer.body)).toString()) as { offset: number };
    return { sizeBytes: offset };
  }

  /** Everything from the offset on, and what is appended, until the agent ends it. */
  follow(file: AgentFile, offset: number, signal: AbortSignal): Promise<AgentAnswer> {
    return this.http.get(file.agent, `/v1/files/follow?${query({ path: file.path, offset })}`, signal);
  }

  /** Bytes [begin, end) of a file that has at least `end`. */
  async *range(file: AgentFile, begin: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (begin >= end) return;
    const answer = await this.follow(file, begin, signal);
    let left = end - begin;
    // Returning from the loop destroys the body, which ends the request.
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left <= 0) return;
    }
  }

  /** Where the last `lines` lines of the first `sizeBytes` bytes begin; a newline at the very end opens no line. */
  async startOfLastLines(file: AgentFile, sizeBytes: number, lines: number, signal: AbortSignal): Promise<number> {
    if (lines === 0) return sizeBytes;
    let wanted = lines;
    let end = sizeBytes;
    let window = FIRST_WINDOW_BYTES;
    while (end > 0) {
      const begin = Math.max(0, end - window);
      const bytes = await joined(this.range(file, begin, end, signal));
      let at = end === sizeBytes ? bytes.length - 1 : bytes.length;
      while ((at = at > 0 ? bytes.lastIndexOf(NEWLINE, at - 1) : -1) >= 0) {
        if (--wanted === 0) return begin + at + 1;
      }
      end = begin;
      window *= WINDOW_GROWTH;
    }
    return 0;
  }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const bytesOf = (body: Readable): Promise<Buffer> => joined(body as AsyncIterable<Buffer>);
