import { type ClientRequest, request } from 'node:http';
import { decodeBody, type MediaType, messageTypes, RecordDecoder, type SchedulerEvent } from '@tranche/mesos-api';

/** An open event stream. */
export interface Stream {
  readonly id: string;
  readonly events: SchedulerEvent[];
  readonly mediaType: string;
  readonly connection: ClientRequest;
  isEnded: boolean;
}

/** Sends a SUBSCRIBE as said, and reads what comes. */
export function openStream(
  url: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const connection = request(url + path, { method: 'POST', headers }, (response) => {
      const mediaType = String(response.headers['content-type']);
      const id = String(response.headers['mesos-stream-id']);
      const stream: Stream = { id, mediaType, events: [], connection, isEnded: false };
      const decoder = new RecordDecoder();
      response.on('data', (chunk: Buffer) => {
        for (const record of decoder.push(chunk)) {
          const event = decodeBody(messageTypes.SchedulerEvent, mediaType as MediaType, record);
          if (event.ok) stream.events.push(event.value);
        }
      });
      response.on('error', () => undefined);
      response.on('close', () => (stream.isEnded = true));
      resolve(stream);
    });
    connection.on('error', reject);
    connection.end(body);
  });
}

/** What the condition gives as soon as that is neither undefined nor false; undefined when it stays so for long. */
export async function until<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  patienceMs: number,
): Promise<T | undefined> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
