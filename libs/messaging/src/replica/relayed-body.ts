import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** What an application takes by default: more is refused here, before it is on its way. */
const MAX_BODY_BYTES = 64 << 20;
/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 256 << 10;
/** Brokers take messages of 16 MiB, and base64 makes four bytes of three. @source RabbitMQ 4, `max_message_size` */
export const MAX_RELAYED_BYTES = 11 << 20;

const gzipped = promisify<Buffer, Buffer>(gzip);

/** A body is larger than what can be passed on. */
export class BodyTooLargeError extends Error {
  readonly code = 'messaging/body-too-large';
}

/** A body as it travels: the owner's application inflates what comes with `content-encoding`. */
export interface RelayedBody {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads the whole body of a request, compressed where it is large.
 *
 * @throws BodyTooLargeError once more than 64 MiB came, or when it stays above 11 MiB; the rest is thrown away as it comes
 */
export async function relayedBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<RelayedBody> {
  const body = await read(request, maxBytes);
  const isEncoded = request.headers['content-encoding'] !== undefined;
  const small = body.length < GZIP_FROM_BYTES || isEncoded ? body : await gzipped(body);
  if (small.length > MAX_RELAYED_BYTES)
    throw new BodyTooLargeError(
      `a replica passes on bodies up to ${MAX_RELAYED_BYTES} bytes after compression; this one has ${small.length}`,
    );
  return { body: small, headers: small === body ? {} : { 'content-encoding': 'gzip' } };
}

/** Reads the whole body of a request as it comes. @throws BodyTooLargeError once more than 64 MiB came */
export const wholeBody = (request: IncomingMessage): Promise<Buffer> => read(request, MAX_BODY_BYTES);

async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  await once(request, 'end');
  if (bytes > maxBytes) throw new BodyTooLargeError(`the body is larger than the limit of ${maxBytes} bytes`);
  return Buffer.concat(chunks);
}
