// Operators' programs that read the cluster: one after another, or many, each with the next read of the list at its interval.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from '../mesh/answer-parent.mjs';

let reads = [];
let samples = [];
let stop = new AbortController();

const agent = new Agent({ keepAlive: true });

/** @returns milliseconds to the last byte, and the bytes that came over the wire */
async function readOnce({ name, url, method = 'GET', headers = {}, body }) {
  const begin = performance.now();
  const sent = request(url, { method, headers, agent });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  let bytes = 0;
  for await (const chunk of answer) bytes += chunk.length;
  if (answer.statusCode !== 200) throw new Error(`${name} was answered ${answer.statusCode}`);
  return { name, tookMs: performance.now() - begin, bytes };
}

async function poll(first, { everyMs, takesGzip, signal }) {
  await sleep(Math.random() * everyMs);
  for (let i = first; !signal.aborted; i++) {
    const next = sleep(everyMs);
    const { headers = {}, ...other } = reads[i % reads.length];
    const read = { ...other, headers: takesGzip ? { ...headers, 'accept-encoding': 'gzip' } : headers };
    samples.push(await readOnce(read).catch(({ message }) => ({ name: read.name, failed: message })));
    await next;
  }
}

answerParent({
  use: ({ list }) => {
    reads = list;
  },
  /** Each read some times, one after another. */
  probe: async ({ times }) => {
    const taken = [];
    for (const read of reads) for (let i = 0; i < times; i++) taken.push(await readOnce(read));
    return taken;
  },
  start: ({ clients, everyMs, takesGzip }) => {
    stop = new AbortController();
    for (let i = 0; i < clients; i++) void poll(i, { everyMs, takesGzip, signal: stop.signal });
  },
  /** @returns what was read since the last time, and what could not be: `failed`, why */
  stop: () => {
    stop.abort();
    const taken = samples;
    samples = [];
    return taken;
  },
});
