import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { RequestBody } from './request-body.js';

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
 * A whole body for one message, compressed where it is large.
 *
 * @param encoding the request's `content-encoding`
 * @throws BodyTooLargeError once more than 64 MiB came, or when it stays above 11 MiB; the rest is thrown away as it comes
 */
export async function relayedBody(request: RequestBody, encoding: string | undefined): Promise<RelayedBody> {
  const body = await bounded(request);
  const small = body.length < GZIP_FROM_BYTES || encoding !== undefined ? body : await gzipped(body);
  if (small.length > MAX_RELAYED_BYTES)
    throw new BodyTooLargeError(
      `a replica passes on bodies up to ${MAX_RELAYED_BYTES} bytes after compression; this one has ${small.length}`,
    );
  return { body: small, headers: small === body ? {} : { 'content-encoding': 'gzip' } };
}

/** Reads the whole body of a request as it comes. @throws BodyTooLargeError once more than 64 MiB came */
export const wholeBody = (request: IncomingMessage): Promise<Buffer> => bounded(new RequestBody(request));

async function bounded(request: RequestBody): Promise<Buffer> {
  const body = await request.whole(MAX_BODY_BYTES);
  if (body === undefined) throw new BodyTooLargeError(`the body is larger than the limit of ${MAX_BODY_BYTES} bytes`);
  return body;
}
