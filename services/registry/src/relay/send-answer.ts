import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import type { AgentAnswer } from './agent-http.port.js';

/** What says how to read the body; everything else of the agent's answer is between it and us. */
const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-encoding',
  'message-content-type',
] as const;

/**
 * Streams an agent's answer to the client: as fast as the client reads, no faster.
 *
 * A client that goes away ends the request at the agent; an agent that breaks off ends the client's connection, so that a cut answer
 * never looks whole.
 */
export async function sendAnswer(answer: AgentAnswer, reply: FastifyReply): Promise<void> {
  const headers = Object.fromEntries(
    PASSED_HEADERS.map((name) => [name, answer.headers[name]] as const).filter(([, value]) => value !== undefined),
  );
  await sendStream(reply, answer.status, headers, answer.body);
}

/** Streams bytes with headers of our own. The headers leave at once, also when there is nothing to read yet. */
export async function sendStream(
  reply: FastifyReply,
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const traceId = reply.getHeader('trace-id');
  reply.hijack();
  reply.raw.writeHead(status, {
    ...(headers as Record<string, string>),
    ...(traceId === undefined ? {} : { 'trace-id': traceId }),
  });
  reply.raw.flushHeaders();
  try {
    await pipeline(body, reply.raw);
  } catch {
    // Either side has gone; pipeline has closed the other, and nobody is left to be told.
  }
}

/** Aborts when the client goes away before it has its whole answer; one that has gone already will not be heard of again. */
export function clientSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const look = (): void => {
    if (!raw.writableFinished) gone.abort();
  };
  if (raw.destroyed) look();
  else raw.on('close', look);
  return gone.signal;
}
