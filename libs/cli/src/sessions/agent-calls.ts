import type { IncomingMessage } from 'node:http';
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

  /** Gives a container input: records of ATTACH_CONTAINER_INPUT behind the first, which names the container. */
  async input(container: ContainerID, records: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const body = Buffer.concat([inputRecord({ type: 'CONTAINER_ID', container_id: container }), ...records]);
    const headers = {
      'Content-Type': RECORDIO_TYPE,
      [MESSAGE_CONTENT_TYPE_HEADER]: JSON_TYPE,
      Accept: JSON_TYPE,
      'Content-Length': String(body.length),
    };
    const answer = await this.api.exchange({ method: 'POST', path: this.#path, headers, body, signal });
    await this.api.whole(await this.checked(answer));
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

/** A record of a streamed ATTACH_CONTAINER_INPUT. */
export function inputRecord(member: NonNullable<AgentCall['attach_container_input']>): Buffer {
  const call: AgentCall = { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member };
  return encodeRecord(JSON.stringify(call));
}
