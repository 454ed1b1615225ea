// Operators' programs that follow the cluster: many streams of SUBSCRIBE at once, whose records are counted and not read.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { answerParent } from '../mesh/answer-parent.mjs';

const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
const BODY = JSON.stringify({ type: 'SUBSCRIBE' });
let streams = [];

/** Counts the records of a stream by their lengths: each is its length, a newline, and that many bytes. */
class Stream {
  records = 0;
  bytes = 0;
  #begun = Promise.withResolvers();
  #left = 0;
  #length = '';

  get begun() {
    return this.#begun.promise;
  }

  async open(url) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    this.request = request(url, { method: 'POST', headers, agent });
    this.request.on('error', (error) => this.#begun.reject(error));
    this.request.end(BODY);
    const [answer] = await once(this.request, 'response');
    if (answer.statusCode !== 200) throw new Error(`SUBSCRIBE was answered ${answer.statusCode}`);
    answer.on('data', (chunk) => this.#take(chunk));
  }

  #take(chunk) {
    this.bytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.#ended();
        continue;
      }
      const end = chunk.indexOf(10, at);
      this.#length += chunk.toString('latin1', at, end === -1 ? chunk.length : end);
      if (end === -1) return;
      at = end + 1;
      this.#left = Number(this.#length);
      this.#length = '';
    }
  }

  #ended() {
    this.records++;
    this.#begun.resolve();
  }
}

const totalOf = (key) => streams.reduce((sum, stream) => sum + stream[key], 0);

answerParent({
  /** @returns milliseconds until all had the whole state, and its bytes */
  start: async ({ url, count }) => {
    const begin = performance.now();
    streams = Array.from({ length: count }, () => new Stream());
    await Promise.all(streams.map(async (stream) => (await stream.open(url), stream.begun)));
    return { tookMs: performance.now() - begin, bytes: streams[0].bytes };
  },
  count: () => ({ records: totalOf('records'), bytes: totalOf('bytes') }),
  stop: () => {
    for (const stream of streams) stream.request.destroy();
  },
});
