import type { AgentProcessIO, ContainerID } from '@tranche/mesos-api';
import { type AgentCalls, inputRecord } from './agent-calls.js';

/** One request carries this much at most: little enough for every server between that takes a request only when it has all of it. */
const MAX_REQUEST_BYTES = 1 << 20;

/**
 * What is sent to a container while it runs, in order: each request takes along what has come while the one before was on its way.
 *
 * Not one long request: whoever passes requests on only when they are whole (replicas, most ingresses) would pass on nothing
 * (docs/adr/0222-input-goes-in-short-requests.md).
 */
export class ContainerInput {
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #sending: Promise<void> | undefined;
  #isOver = false;

  /** @param fail is told why what was sent could not be taken; nothing is sent after that */
  constructor(
    private readonly agent: AgentCalls,
    private readonly container: ContainerID,
    private readonly fail: (error: unknown) => void,
    private readonly signal: AbortSignal,
  ) {}

  send(io: AgentProcessIO): void {
    if (this.#isOver) return;
    const record = inputRecord({ type: 'PROCESS_IO', process_io: io });
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    this.#sending ??= this.#sendAll();
  }

  /** Bytes for standard input; none of them are the end of it. Waits when the container is slow. */
  async sendData(data: Uint8Array): Promise<void> {
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    this.send({ type: 'DATA', data: { type: 'STDIN', data: text } });
    if (this.#waitingBytes > MAX_REQUEST_BYTES) await this.#sending;
  }

  /** Never rejects. */
  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const records = this.#waiting;
        this.#waiting = [];
        this.#waitingBytes = 0;
        await this.agent.input(this.container, records, this.signal);
      }
    } catch (error) {
      this.#isOver = true;
      this.fail(error);
    }
    this.#sending = undefined;
  }
}
