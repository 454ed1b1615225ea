import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import {
  type AgentCall,
  type AgentProcessIO,
  type AgentResponse,
  type ContainerID,
  encodeRecord,
  JSON_TYPE,
  MESSAGE_ACCEPT_HEADER,
  MESSAGE_CONTENT_TYPE_HEADER,
  RECORDIO_TYPE,
  RecordDecoder,
} from '@tranche/mesos-api';
import type { ApiClient } from '../api/api-client.js';
import { unreachable } from '../api/http-exchange.js';
import { problemError } from '../api/problem.js';
import { RefusedError } from '../cli.errors.js';

/** An agent tells every 30 s that a stream stands: after three times that long without a word it does not. */
const SILENCE_MS = 100_000;

/** The API of one agent, through the public address. Refusals are RefusedError, or ClusterUnreachableError when the agent is away. */
export class AgentCalls {
  readonly #path: string;

  constructor(
    private readonly api: ApiClient,
    agentId: string,
  ) {
    this.#path = `/v1/agents/${encodeURIComponent(agentId)}/api/v1`;
  }

  /** A call that is answered once, however late. @returns undefined when the answer has no body */
  async call(call: AgentCall, signal?: AbortSignal): Promise<AgentResponse | undefined> {
    const { body } = await this.api.whole(await this.post(call, { Accept: JSON_TYPE }, signal));
    return body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as AgentResponse);
  }

  /**
   * A call that is answered by what a container writes.
   *
   * @returns once the agent has begun; iterating throws ClusterUnreachableError when the stream breaks off or falls silent
   */
  async output(call: AgentCall, signal: AbortSignal): Promise<AsyncGenerator<AgentProcessIO>> {
    const accept = { Accept: RECORDIO_TYPE, [MESSAGE_ACCEPT_HEADER]: JSON_TYPE };
    return this.records(await this.post(call, accept, signal));
  }

  /** Begins the input of a container. `signal` ends it, and the container notices nothing of it. */
  input(container: ContainerID, signal: AbortSignal): ContainerInput {
    const body = new PassThrough();
    const input = new ContainerInput(body);
    const answer = this.api.exchange({
      method: 'POST',
      path: this.#path,
      headers: { 'Content-Type': RECORDIO_TYPE, [MESSAGE_CONTENT_TYPE_HEADER]: JSON_TYPE, Accept: JSON_TYPE },
      body,
      signal,
    });
    input.taken = answer.then((given) => this.checked(given)).then((given) => void given.resume());
    input.write({ type: 'CONTAINER_ID', container_id: container });
    return input;
  }

  private async post(call: AgentCall, accept: Record<string, string>, signal?: AbortSignal): Promise<IncomingMessage> {
    const body = Buffer.from(JSON.stringify(call));
    const headers = { ...accept, 'Content-Type': JSON_TYPE, 'Content-Length': String(body.length) };
    return this.checked(await this.api.exchange({ method: 'POST', path: this.#path, headers, body, signal }));
  }

  private async checked(answer: IncomingMessage): Promise<IncomingMessage> {
    if ((answer.statusCode ?? 0) < 400) return answer;
    const whole = await this.api.whole(answer);
    // The agent's own words; what the registry has to say about the agent is a problem document.
    if (whole.status >= 500 || !whole.contentType.startsWith('text/plain')) throw problemError(whole, this.#path);
    throw new RefusedError(`the agent refused: ${whole.body.toString('utf8').trim()}`, [], whole.status);
  }

  private async *records(answer: IncomingMessage): AsyncGenerator<AgentProcessIO> {
    const decoder = new RecordDecoder();
    answer.setTimeout(SILENCE_MS, () => answer.destroy(new Error(`silent for ${SILENCE_MS / 1000} s`)));
    try {
      for await (const chunk of answer) {
        for (const record of decoder.push(chunk as Buffer)) yield JSON.parse(record.toString('utf8')) as AgentProcessIO;
      }
    } catch (error) {
      throw unreachable(this.api.url, error);
    } finally {
      answer.destroy();
    }
  }
}

/** What is sent to a container while it runs. */
export class ContainerInput {
  /** Settles when the agent has taken all of it; rejects when it refuses. */
  taken: Promise<void> = Promise.resolve();

  constructor(private readonly body: PassThrough) {}

  /** @returns false when the container is slow: then wait for `drained` before writing on */
  write(member: NonNullable<AgentCall['attach_container_input']>): boolean {
    if (this.body.destroyed) return true;
    const call: AgentCall = { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member };
    return this.body.write(encodeRecord(JSON.stringify(call)));
  }

  send(io: AgentProcessIO): boolean {
    return this.write({ type: 'PROCESS_IO', process_io: io });
  }

  /** Bytes for standard input; none of them are the end of it. */
  async sendData(data: Uint8Array): Promise<void> {
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    if (this.send({ type: 'DATA', data: { type: 'STDIN', data: text } })) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.body.off('drain', settle).off('close', settle);
        resolve();
      };
      this.body.on('drain', settle).on('close', settle);
    });
  }

  end(): void {
    this.body.end();
  }
}
