// Clients that read /state over and over, and throw it away.
import { answerParent } from './answer-parent.mjs';

let polls = 0;
let bytes = 0;
const stop = new AbortController();

async function poll(url) {
  while (!stop.signal.aborted) {
    const answer = await fetch(url);
    for await (const chunk of answer.body) bytes += chunk.length;
    polls++;
  }
}

answerParent({
  start: ({ url, clients }) => {
    for (let i = 0; i < clients; i++) void poll(url);
  },
  count: () => ({ polls, bytes }),
  stop: () => {
    stop.abort();
    return { polls, bytes };
  },
});
