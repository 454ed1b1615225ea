import type { Readable } from 'node:stream';
import { All, Controller, Inject, type OnApplicationShutdown, Req, Res } from '@nestjs/common';
import { mayDo, type Permits, permitsOf, rawBody, sendRefusal } from '@tranche/http';
import {
  type AgentResponse,
  type ApiRefusal,
  encodeBody,
  httpError,
  MESSAGE_ACCEPT_HEADER,
  MESSAGE_CONTENT_TYPE_HEADER,
  messageTypes,
  RECORDIO_TYPE,
  RecordIoError,
  responseTypeHeaders,
} from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { containerName } from '../../containers/agent-container.js';
import { writePatiently } from '../write-patiently.js';
import { type AgentCallContext, answerAgentCall } from './answer-agent-call.js';
import { askedByAgentCall } from './asked-by-agent-call.js';
import { type Input, inputOf, type Output, outputOf, outputOfSession } from './attach-calls.js';
import { heartbeatRecord, HEARTBEAT_MS, outputRecord } from './process-io.js';
import { type ReadAgentCall, readAgentCall } from './read-agent-call.js';
import { readRecords } from './read-records.js';
import { openSession, readInput } from './session-calls.js';

/** Token of what calls are answered from. */
export const AGENT_CALLS = Symbol('agent calls');

/** Calls that are answered here, by streams. */
const STREAMED: ReadonlySet<string> = new Set([
  'LAUNCH_NESTED_CONTAINER_SESSION',
  'ATTACH_CONTAINER_OUTPUT',
  'ATTACH_CONTAINER_INPUT',
]);

const TAKEN: ApiRefusal = { kind: 'conflict', message: 'Multiple input connections are not allowed' };

type ValidCall = Extract<ReadAgentCall, { ok: true }>;
type Records = AsyncIterator<Buffer>;

/** `POST /api/v1`: the agent's own API. */
@Controller('api/v1')
export class AgentCallsController implements OnApplicationShutdown {
  constructor(@Inject(AGENT_CALLS) private readonly context: AgentCallContext) {}

  @All()
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const records = recordsOf(request);
    const read = readAgentCall(await requestOf(request, records), this.context.views.isRecovering);
    if (!read.ok) return sendRefusal(reply, httpError(read.refusal));
    const permits = permitsOf(request);
    if (STREAMED.has(read.call.type) && !this.isPermitted(read, permits)) {
      return sendRefusal(reply, httpError({ kind: 'forbidden' }));
    }
    switch (read.call.type) {
      case 'LAUNCH_NESTED_CONTAINER_SESSION':
        return this.launchSession(read, reply);
      case 'ATTACH_CONTAINER_OUTPUT':
        return this.attachOutput(read, reply);
      case 'ATTACH_CONTAINER_INPUT':
        return this.attachInput(read, records, reply);
      default:
        return this.answer(read, permits, reply);
    }
  }

  /** Resource providers register here with Mesos; this agent takes none. */
  @All('resource_provider')
  resourceProvider(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (method === 'POST') sendRefusal(reply, httpError({ kind: 'not-implemented' }));
    else sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed: ['POST'], received: method }));
  }

  /** Ends sessions: they end with their connections. */
  onApplicationShutdown(): void {
    this.context.sessions.close();
  }

  private isPermitted({ call }: ValidCall, permits: Permits): boolean {
    return permits.isOpen || mayDo(permits, ...askedByAgentCall(call, this.context));
  }

  private async answer(
    { call, answer: { mediaType } }: ValidCall,
    permits: Permits,
    reply: FastifyReply,
  ): Promise<void> {
    const answer = await answerAgentCall(call, this.context, permits);
    if (answer.kind === 'refused') return sendRefusal(reply, httpError(answer.refusal));
    if (answer.kind === 'done') return sendEmpty(reply, 200);
    if (answer.kind === 'accepted') return sendEmpty(reply, 202);
    // A response has a type for every call that is answered by one.
    const type = call.type as NonNullable<AgentResponse['type']>;
    const body = encodeBody(messageTypes.AgentResponse, mediaType, { type, ...answer.response });
    void reply.code(200).header('content-type', mediaType).send(body);
  }

  private async launchSession(read: ValidCall, reply: FastifyReply): Promise<void> {
    const { sessions } = this.context;
    const opened = openSession(read.call, this.context);
    if (!opened.ok) return sendRefusal(reply, httpError(opened.refusal));
    const { session, files } = opened;
    reply.raw.on('close', () => session.abort());
    const fault = await faultOf(this.context.uris.fetch(session, files));
    if (fault !== undefined) {
      sessions.forget(containerName(session.command.id));
      return sendRefusal(reply, httpError({ kind: 'bad-request', message: `Failed to launch container: ${fault}` }));
    }
    const sent = sendOutput(outputOfSession(session), read, reply);
    await sessions.run(session);
    await sent;
  }

  private async attachOutput(read: ValidCall, reply: FastifyReply): Promise<void> {
    const found = await outputOf(read.call.attach_container_output?.container_id, this.context);
    if (!found.ok) return sendRefusal(reply, httpError(found.refusal));
    await sendOutput(found.value, read, reply);
  }

  /** Passes on what comes until the client ends it, or has gone: the connection's end alone is not the end of the input. */
  private async attachInput({ call, answer }: ValidCall, records: Records, reply: FastifyReply): Promise<void> {
    const found = await inputOf(call.attach_container_input?.container_id, this.context);
    if (!found.ok) return sendRefusal(reply, httpError(found.refusal));
    const input = found.value;
    const gone = whenGone(reply);
    try {
      // A command that does not read keeps nobody waiting who is not there any more.
      const refusal = await Promise.race([passInput(input, records, answer.mediaType, gone.signal), gone.promise]);
      if (refusal !== undefined) return sendRefusal(reply, httpError(refusal));
      sendEmpty(reply, 200);
    } finally {
      input.close();
    }
  }
}

function sendEmpty(reply: FastifyReply, status: 200 | 202): void {
  void reply.code(status).header('content-length', '0').send();
}

/** The records of a streamed request; none of another. */
const recordsOf = (request: FastifyRequest): Records =>
  readRecords(request.headers['content-type'] === RECORDIO_TYPE ? (request.body as Readable | undefined) : undefined);

async function requestOf(request: FastifyRequest, records: Records): Promise<Parameters<typeof readAgentCall>[0]> {
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
  const isStream = header('Content-Type') === RECORDIO_TYPE;
  const first = isStream ? await records.next().catch(() => undefined) : undefined;
  return {
    method: request.method,
    contentType: header('Content-Type'),
    messageContentType: header(MESSAGE_CONTENT_TYPE_HEADER),
    accept: header('Accept'),
    messageAccept: header(MESSAGE_ACCEPT_HEADER),
    body: isStream ? (first?.done === false ? first.value : Buffer.alloc(0)) : rawBody(request),
  };
}

/** Settles when the client goes away, or has gone. */
function whenGone({ raw }: FastifyReply): { readonly promise: Promise<undefined>; readonly signal: AbortSignal } {
  const gone = new AbortController();
  const promise = new Promise<undefined>((resolve) => {
    const end = (): void => (gone.abort(), resolve(undefined));
    if (raw.destroyed) end();
    else raw.once('close', end);
  });
  return { promise, signal: gone.signal };
}

/** @returns why the input was refused */
async function passInput(
  input: Input,
  records: Records,
  mediaType: ValidCall['answer']['mediaType'],
  gone: AbortSignal,
): Promise<ApiRefusal | undefined> {
  try {
    for (;;) {
      const next = await records.next();
      if (next.done === true || gone.aborted) return undefined;
      const record = readInput(next.value, mediaType);
      if (!record.ok) return { kind: 'bad-request', message: record.message };
      const { data, window } = record;
      if (window === undefined && !input.begin()) return TAKEN;
      const fault = window === undefined ? undefined : await faultOf(input.resize(window));
      if (fault !== undefined) return { kind: 'bad-request', message: `Unable to set the window size: ${fault}` };
      if (data !== undefined) await input.write(data);
    }
  } catch (error) {
    if (error instanceof RecordIoError) return { kind: 'bad-request', message: error.message };
    throw error;
  }
}

async function faultOf(done: Promise<void>): Promise<string | undefined> {
  try {
    await done;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Streams output until it has ended or its reader has gone. */
async function sendOutput(output: Output, { answer }: ValidCall, reply: FastifyReply): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, responseTypeHeaders(answer));
  raw.flushHeaders();
  const beat = setInterval(() => raw.write(heartbeatRecord(answer.mediaType)), HEARTBEAT_MS);
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  try {
    await output((piece) => writePatiently(raw, outputRecord(piece, answer.mediaType)), gone.signal);
    raw.end();
  } catch (error) {
    // The status is sent: a broken connection is the only way left to say that something is missing.
    raw.destroy(error as Error);
  } finally {
    clearInterval(beat);
  }
}
