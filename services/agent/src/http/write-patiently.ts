import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Waits for a slow reader, and for one that has gone. */
export async function writePatiently(response: ServerResponse, chunk: Buffer): Promise<void> {
  if (response.write(chunk) || response.destroyed) return;
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  settled.abort();
}
