import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { agentOptions, type RunningAgent, startAgent } from '@tranche/agent';
import { configWith } from '@tranche/config';
import { parseEnvelope, queueOf, type RegisterAgentRequest } from '@tranche/contracts';
import {
  type AgentCall,
  type AgentProcessIO,
  type AgentResponse,
  type ContainerID,
  decodeBody,
  encodeBody,
  encodeEvent,
  encodeRecord,
  type MediaType,
  messageTypes,
  RecordDecoder,
} from '@tranche/mesos-api';
import { InProcessBroker, inProcessHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Buffer;
}

/** A real agent that runs plain processes, among services that admit it and say no more; a client of its API in one encoding. */
export class AgentStage {
  private constructor(
    readonly mediaType: MediaType,
    private readonly agent: RunningAgent,
    private readonly folder: string,
    private count = 0,
  ) {}

  static async start(mediaType: MediaType): Promise<AgentStage> {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-agent-api-'));
    const broker = new InProcessBroker();
    broker.consume('registry', ({ body, reply }) => {
      const { agentId = 'S0' } = (parseEnvelope(JSON.parse(body)).items[0] ?? {}) as RegisterAgentRequest;
      if (reply === undefined) return;
      broker.declareQueue(queueOf('agent', agentId));
      reply(JSON.stringify({ ok: true, value: { ok: true, agentId, heartbeatIntervalMs: 15_000 } }));
    });
    const config = configWith(agentOptions, {
      ...{ workDir: join(folder, 'work'), runtimeDir: join(folder, 'run'), containerizer: 'process', httpPort: 0 },
      resources: 'cpus:1;mem:64;disk:64',
    });
    const host = inProcessHost({ service: 'agent', broker, logger: silentLogger });
    return new AgentStage(mediaType, await startAgent({ config, host }), folder);
  }

  async stop(): Promise<void> {
    await this.agent.stop({ killTasks: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A name that no container has had. */
  newId(parent?: ContainerID): ContainerID {
    return { value: `c${++this.count}`, ...(parent && { parent }) };
  }

  async call(call: AgentCall): Promise<Answer> {
    return this.post(encodeBody(messageTypes.AgentCall, this.mediaType, call), { 'content-type': this.mediaType });
  }

  /** Answer to a call that is answered by a response. @throws for another status than 200 */
  async ask(call: AgentCall): Promise<AgentResponse> {
    const { status, text, body } = await this.call(call);
    const decoded = decodeBody(messageTypes.AgentResponse, this.mediaType, body);
    if (status !== 200 || !decoded.ok) throw new Error(`${status}: ${text}`);
    return decoded.value;
  }

  async post(body: Buffer, headers: Record<string, string>, method = 'POST'): Promise<Answer> {
    const { port } = this.agent;
    const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      const sent = request({ port, path: '/api/v1', method, headers: { accept: this.mediaType, ...headers } }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
    const received = await buffer(answer);
    return { status: answer.statusCode ?? 0, text: received.toString(), body: received };
  }

  /** Launches one that stands alone. */
  async standalone(value: string, tty = false): Promise<ContainerID> {
    const container_id = this.newId();
    const container = tty ? { container: { type: 'MESOS' as const, tty_info: {} } } : {};
    const { status, text } = await this.call({
      type: 'LAUNCH_CONTAINER',
      launch_container: { container_id, command: { value }, ...container },
    });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return container_id;
  }

  /** All records of a streamed answer. */
  async stream(call: AgentCall): Promise<AgentProcessIO[]> {
    const { status, text, body } = await this.call(call);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return new RecordDecoder().push(body).map((record) => {
      const decoded = decodeBody(messageTypes.AgentProcessIO, this.mediaType, record);
      if (!decoded.ok) throw new Error(decoded.error);
      return decoded.value;
    });
  }

  /** Sends input as records, and ends it. */
  async input(id: ContainerID, ...pieces: readonly AgentProcessIO[]): Promise<Answer> {
    const members: NonNullable<AgentCall['attach_container_input']>[] = [
      { type: 'CONTAINER_ID', container_id: id },
      ...pieces.map((process_io) => ({ type: 'PROCESS_IO' as const, process_io })),
    ];
    const records = members.map((attach_container_input) => {
      const call: AgentCall = { type: 'ATTACH_CONTAINER_INPUT', attach_container_input };
      return encodeRecord(encodeEvent(messageTypes.AgentCall, this.mediaType, call));
    });
    const headers = { 'content-type': 'application/recordio', 'message-content-type': this.mediaType };
    return this.post(Buffer.concat(records), headers);
  }
}

export const stdin = (text: string): AgentProcessIO => ({
  type: 'DATA',
  data: { type: 'STDIN', data: Buffer.from(text).toString('base64') },
});

export const outputOf = (pieces: readonly AgentProcessIO[], type: 'STDOUT' | 'STDERR'): string =>
  pieces.map(({ data }) => (data?.type === type ? Buffer.from(data.data ?? '', 'base64').toString() : '')).join('');
