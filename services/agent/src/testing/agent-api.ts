import { type ClientRequest, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type AgentCall, type AgentProcessIO, type ContainerID, encodeRecord, RecordDecoder } from '@tranche/mesos-api';

/** Status and body of an answer. */
export type Answer = readonly [status: number, body: string];

/** For tests: a client of the agent's API, over real connections, in JSON. */
export class AgentApi {
  constructor(private readonly agent: () => { readonly port: number }) {}

  get url(): string {
    return `http://127.0.0.1:${this.agent().port}/api/v1`;
  }

  async call(call: AgentCall): Promise<Answer> {
    const answer = await this.post(call);
    return [answer.status, await answer.text()];
  }

  /** Begins a call that is answered by a stream. @throws when it is refused */
  async output(call: AgentCall): Promise<ApiOutput> {
    const gone = new AbortController();
    const answer = await this.post(call, gone.signal);
    if (answer.status !== 200 || answer.body === null) throw new Error(`${answer.status}: ${await answer.text()}`);
    return new ApiOutput(answer.body, gone);
  }

  session(member: NonNullable<AgentCall['launch_nested_container_session']>): Promise<ApiOutput> {
    return this.output({ type: 'LAUNCH_NESTED_CONTAINER_SESSION', launch_nested_container_session: member });
  }

  attach(id: ContainerID): Promise<ApiOutput> {
    return this.output({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: id } });
  }

  /** Begins ATTACH_CONTAINER_INPUT. */
  input(id: ContainerID): ApiInput {
    const headers = { 'content-type': 'application/recordio', 'message-content-type': 'application/json' };
    return new ApiInput(request(this.url, { method: 'POST', headers }), id);
  }

  private post(call: AgentCall, signal?: AbortSignal): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.url, { method: 'POST', headers, body: JSON.stringify(call), ...(signal && { signal }) });
  }
}

/** Output of a container as it comes. */
export class ApiOutput {
  private readonly written: Record<'STDOUT' | 'STDERR', string> = { STDOUT: '', STDERR: '' };
  private readonly waiting = new Set<() => void>();
  private isOver = false;
  /** Settles with the end of the stream. */
  readonly ended: Promise<{ readonly STDOUT: string; readonly STDERR: string }>;

  constructor(
    body: ReadableStream<Uint8Array>,
    private readonly gone: AbortController,
  ) {
    this.ended = this.read(body).catch(() => this.written);
  }

  /** Waits until the command has written something that matches. @throws when it ends before */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.written.STDOUT);
      if (match !== null) return match;
      if (this.isOver) throw new Error(`ended without ${pattern}: ${JSON.stringify(this.written)}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Closes the connection. */
  close(): void {
    this.gone.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<Record<'STDOUT' | 'STDERR', string>> {
    const decoder = new RecordDecoder();
    try {
      for await (const chunk of body) {
        for (const record of decoder.push(Buffer.from(chunk))) {
          const { data } = JSON.parse(record.toString()) as AgentProcessIO;
          if (data?.type === 'STDOUT' || data?.type === 'STDERR')
            this.written[data.type] += Buffer.from(data.data ?? '', 'base64').toString();
        }
        this.wake();
      }
    } finally {
      this.isOver = true;
      this.wake();
    }
    return this.written;
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** Input of a container as it goes. */
export class ApiInput {
  /** Settles with the end of the input, or earlier when it is refused. */
  readonly answer: Promise<Answer>;

  constructor(
    private readonly sent: ClientRequest,
    id: ContainerID,
  ) {
    this.answer = new Promise((resolve, reject) => {
      sent.on(
        'response',
        (answer) => void text(answer).then((body) => resolve([answer.statusCode ?? 0, body]), reject),
      );
      sent.on('error', reject);
    });
    // Whoever waits for it hears of a lost connection; nobody has to wait.
    this.answer.catch(() => undefined);
    this.send({ type: 'CONTAINER_ID', container_id: id });
  }

  write(data: string): this {
    return this.io({ type: 'DATA', data: { type: 'STDIN', data: Buffer.from(data).toString('base64') } });
  }

  resize(rows: number, columns: number): this {
    return this.io({
      type: 'CONTROL',
      control: { type: 'TTY_INFO', tty_info: { window_size: { rows, columns } } },
    });
  }

  io(process_io: AgentProcessIO): this {
    return this.send({ type: 'PROCESS_IO', process_io });
  }

  end(): Promise<Answer> {
    this.sent.end();
    return this.answer;
  }

  private send(member: NonNullable<AgentCall['attach_container_input']>): this {
    this.sent.write(encodeRecord(JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member })));
    return this;
  }
}
