import type { Readable } from 'node:stream';
import { All, Controller, Inject, type OnApplicationShutdown, Req, Res } from '@nestjs/common';
import { rawBody, sendRefusal } from '@tranche/http';
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
import type { WindowSize } from '../../containerizer/terminal/terminal.js';
import type { Session } from '../../sessions/session.js';
import { writePatiently } from '../write-patiently.js';
import { type AgentCallContext, answerAgentCall } from './answer-agent-call.js';
import { heartbeatRecord, HEARTBEAT_MS, outputRecord } from './process-io.js';
import { type ReadAgentCall, readAgentCall } from './read-agent-call.js';
import { readRecords } from './read-records.js';
import { openSession, readInput, sessionOf } from './session-calls.js';

/** Token of what calls are answered from. */
export const AGENT_CALLS = Symbol('agent calls');

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
    switch (read.call.type) {
      case 'LAUNCH_NESTED_CONTAINER_SESSION':
        return this.launchSession(read, reply);
      case 'ATTACH_CONTAINER_OUTPUT':
        return this.attachOutput(read, reply);
      case 'ATTACH_CONTAINER_INPUT':
        return this.attachInput(read, records, reply);
      default:
        return this.answer(read, reply);
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

  private async answer({ call, answer: { mediaType } }: ValidCall, reply: FastifyReply): Promise<void> {
    const answer = await answerAgentCall(call, this.context);
    if (answer.kind === 'refused') return sendRefusal(reply, httpError(answer.refusal));
    if (answer.kind === 'done') return void reply.code(200).header('content-length', '0').send();
    // A response has a type for every call that is answered by one.
    const type = call.type as NonNullable<AgentResponse['type']>;
    const body = encodeBody(messageTypes.AgentResponse, mediaType, { type, ...answer.response });
    void reply.code(200).header('content-type', mediaType).send(body);
  }

  private async launchSession(read: ValidCall, reply: FastifyReply): Promise<void> {
    const { sessions } = this.context;
    const found = openSession(read.call, sessions);
    if (!found.ok) return sendRefusal(reply, httpError(found.refusal));
    const { session } = found;
    reply.raw.on('close', () => session.abort());
    const sent = sendOutput(session, read, reply);
    await sessions.run(session);
    await sent;
  }

  private async attachOutput(read: ValidCall, reply: FastifyReply): Promise<void> {
    const found = sessionOf(read.call.attach_container_output?.container_id, this.context.sessions);
    if (!found.ok) return sendRefusal(reply, httpError(found.refusal));
    await sendOutput(found.session, read, reply);
  }

  /** Passes on what comes until the client ends it: the connection's end alone is not the end of the input. */
  private async attachInput({ call, answer }: ValidCall, records: Records, reply: FastifyReply): Promise<void> {
    const found = sessionOf(call.attach_container_input?.container_id, this.context.sessions);
    if (!found.ok) return sendRefusal(reply, httpError(found.refusal));
    const { session } = found;
    if (!session.beginInput()) {
      const message = 'Multiple input connections are not allowed';
      return sendRefusal(reply, httpError({ kind: 'conflict', message }));
    }
    try {
      const refusal = await passInput(session, records, answer.mediaType);
      if (refusal !== undefined) return sendRefusal(reply, httpError(refusal));
      void reply.code(200).header('content-length', '0').send();
    } finally {
      session.endInput();
    }
  }
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

async function whyNotResized(session: Session, window: WindowSize): Promise<string | undefined> {
  if (!session.hasTerminal) return 'the container has no terminal';
  try {
    await session.resize(window);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns why the input was refused */
async function passInput(
  session: Session,
  records: Records,
  mediaType: ValidCall['answer']['mediaType'],
): Promise<ApiRefusal | undefined> {
  try {
    for (;;) {
      const next = await records.next();
      if (next.done === true) return undefined;
      const input = readInput(next.value, mediaType);
      if (!input.ok) return { kind: 'bad-request', message: input.message };
      const { data, window } = input;
      if (window !== undefined) {
        const fault = await whyNotResized(session, window);
        if (fault !== undefined) return { kind: 'bad-request', message: `Unable to set the window size: ${fault}` };
      }
      if (data !== undefined) await session.write(data);
    }
  } catch (error) {
    if (error instanceof RecordIoError) return { kind: 'bad-request', message: error.message };
    throw error;
  }
}

/** Streams a session's output until it has ended or its reader has gone. */
async function sendOutput(session: Session, { answer }: ValidCall, reply: FastifyReply): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, responseTypeHeaders(answer));
  raw.flushHeaders();
  const detach = session.attach((piece) => writePatiently(raw, outputRecord(piece, answer.mediaType)));
  const beat = setInterval(() => raw.write(heartbeatRecord(answer.mediaType)), HEARTBEAT_MS);
  raw.on('close', () => {
    detach();
    clearInterval(beat);
  });
  await session.ended;
  clearInterval(beat);
  raw.end();
}
