import type { SchedulerCall, SchedulerCallType } from '@tranche/mesos-api';
import {
  type Agents,
  connectionFault,
  destroyAgents,
  type PostResult,
  post,
  readText,
  singleConnectionAgents,
} from './http-post.js';
import { CallLostError, CallRefusedError } from './scheduler.errors.js';
import type { SubscriptionContext } from './subscription.js';

/** Calls that must not be sent twice: a second ACCEPT of the same offer would report the running task as lost. */
const NOT_REPEATABLE: ReadonlySet<SchedulerCallType | undefined> = new Set(['ACCEPT', 'MESSAGE']);

/** Said by proxies of a server that has not answered: Bad Gateway, Gateway Timeout. */
const UNKNOWN_FATE: ReadonlySet<number> = new Set([502, 504]);

/**
 * The second connection of a scheduler, which carries its calls, one after the other: the cluster keeps the order of calls only
 * within a connection.
 */
export class CallConnection {
  readonly #agents: Agents;
  readonly #abort = new AbortController();

  constructor(
    private readonly url: URL,
    private readonly streamId: string,
    private readonly context: Pick<SubscriptionContext, 'ca' | 'clock' | 'format' | 'headers' | 'responseTimeoutMs'>,
  ) {
    this.#agents = singleConnectionAgents(context.ca);
  }

  /**
   * Sends a call. Calls leave in the order of the calls of this method, also when they are not awaited.
   *
   * @returns when the cluster has accepted it (202)
   * @throws CallRefusedError, CallLostError
   */
  async send(call: SchedulerCall): Promise<void> {
    const { response } = await this.postAgainIfIdle(call).catch((error: unknown) => {
      throw new CallLostError(String(call.type), connectionFault(error), { cause: error });
    });
    const status = response.statusCode ?? 0;
    const detail = await readText(response).catch((error: unknown) => {
      throw new CallLostError(String(call.type), connectionFault(error), { cause: error });
    });
    if (UNKNOWN_FATE.has(status)) throw new CallLostError(String(call.type), `status ${status}: ${detail}`);
    if (status !== 202 && status !== 200) throw new CallRefusedError(String(call.type), status, detail);
  }

  /** Ends the connection; calls without an answer fail. */
  close(): void {
    this.#abort.abort();
    destroyAgents(this.#agents);
  }

  /** An idle connection may be closed by the other side just as it is used again: harmless for calls that may be repeated. */
  private async postAgainIfIdle(call: SchedulerCall): Promise<PostResult> {
    try {
      return await this.post(call);
    } catch (error) {
      const isIdleReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (isIdleReset && !NOT_REPEATABLE.has(call.type) && !this.#abort.signal.aborted) return this.post(call);
      throw error;
    }
  }

  private post(call: SchedulerCall): Promise<PostResult> {
    const { clock, format, headers, responseTimeoutMs } = this.context;
    return post(this.url, {
      headers: {
        ...headers,
        'Content-Type': format.contentType,
        Accept: format.contentType,
        'Mesos-Stream-Id': this.streamId,
      },
      body: format.encodeCall(call),
      agents: this.#agents,
      clock,
      timeoutMs: responseTimeoutMs,
      signal: this.#abort.signal,
    });
  }
}
