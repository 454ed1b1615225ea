// The fleet in a process of its own, over RabbitMQ: told by its parent how many agents and where.
import { configWith, processOptions } from '@tranche/config';
import { hostFor } from '@tranche/messaging';
import { answerParent } from './answer-parent.mjs';
import { startFleet } from './fleet.mjs';
import { sentMessages } from './sent-messages.mjs';

/** A connection has at most 2,047 channels, one for each queue. */
const AGENTS_PER_CONNECTION = 1_000;

const hosts = [];

async function start(brokerUrl, agents, tasks) {
  for (let i = 0; i < agents; i += AGENTS_PER_CONNECTION) {
    const options = configWith(processOptions, { brokerUrl, logLevel: 'error', traceRingBytes: 0 });
    hosts.push(hostFor({ service: 'agent', ...options }));
  }
  await startFleet(agents, (i) => hosts[Math.floor(i / AGENTS_PER_CONNECTION)], { tasks });
}

const answers = {
  start: ({ brokerUrl, agents, tasks }) => start(brokerUrl, agents, tasks),
  sent: async () => (await Promise.all(hosts.map((host) => host.metrics.render('text')))).map(sentMessages),
};
answerParent(answers);
