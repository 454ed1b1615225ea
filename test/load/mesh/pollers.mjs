// Clients that read /state, each once an interval if it is answered in time, and throw it away.
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from './answer-parent.mjs';

let polls = 0;
let bytes = 0;
const stop = new AbortController();

async function poll(url, everyMs) {
  // Not all at the same moment.
  await sleep(Math.random() * everyMs);
  while (!stop.signal.aborted) {
    const next = sleep(everyMs);
    const answer = await fetch(url);
    for await (const chunk of answer.body) bytes += chunk.length;
    polls++;
    await next;
  }
}

answerParent({
  start: ({ url, clients, everyMs }) => {
    for (let i = 0; i < clients; i++) void poll(url, everyMs);
  },
  count: () => ({ polls, bytes }),
  stop: () => {
    stop.abort();
    return { polls, bytes };
  },
});
