// What a message costs over RabbitMQ and in process: messages and items a second, CPU of this process for sending and handling together, time from
// send to handled. One sender and one consumer in this process, the broker beside it.
// Flags: --broker URL (required), --messages N (20000), --json FILE.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AgentHeartbeatV1 } from '@tranche/contracts';
import { inProcessHost, InProcessBroker, rabbitHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { conditions, printTable, quantiles } from './conditions.mjs';

const { values: flags } = parseArgs({
  options: { broker: { type: 'string' }, messages: { type: 'string' }, json: { type: 'string' } },
});
if (flags.broker === undefined) throw new Error('--broker amqp://… is required');
const total = Number(flags.messages ?? 20_000);
/** Turns of the event loop that go by between two messages: none, so that each turn makes one. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
/** About the size of a status update. */
const item = (n) => ({ agentId: `${randomUUID()}-S${n}-${'x'.repeat(300)}` });

function hosts(transport) {
  if (transport === 'in process') {
    const broker = new InProcessBroker();
    return ['bench-consumer', 'bench-sender'].map((service) =>
      inProcessHost({ service, broker, logger: silentLogger }),
    );
  }
  const rabbit = {
    url: flags.broker,
    namespace: `bench-${randomUUID().slice(0, 8)}`,
    queueType: transport === 'RabbitMQ, quorum' ? 'quorum' : 'classic',
    // Removed by the broker soon after the bench.
    agentQueueExpiryMs: 60_000,
  };
  return ['bench-consumer', 'bench-sender'].map((service) => rabbitHost({ service, rabbit, logger: silentLogger }));
}

async function measure(transport, itemsEach) {
  const [consumer, sender] = hosts(transport);
  const strategy = consumer.strategy('agent.bench');
  const sentMs = new Map();
  const delays = [];
  let handled = 0;
  let done;
  const finished = new Promise((resolve) => (done = resolve));
  strategy.addHandler(
    AgentHeartbeatV1.pattern,
    async (items, { messageId }) => {
      handled++;
      const at = sentMs.get(items[0].agentId);
      if (at !== undefined) delays.push(performance.now() - at);
      if (handled === total) done(messageId);
    },
    true,
  );
  await new Promise((resolve, reject) => strategy.listen((error) => (error ? reject(error) : resolve())));
  const bodies = Array.from({ length: 64 }, () => Array.from({ length: itemsEach }, (_, n) => item(n)));
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const window = new Set();
  for (let n = 0; n < total; n++) {
    const body = bodies[n % bodies.length].map(({ agentId }) => ({ agentId: `${n}-${agentId}` }));
    if (n % 50 === 0) sentMs.set(body[0].agentId, performance.now());
    const sending = sender.bus.send(AgentHeartbeatV1, 'agent.bench', body);
    window.add(sending);
    void sending.finally(() => window.delete(sending));
    await nextTurn();
    if (window.size >= 1_000) await Promise.race(window);
  }
  await finished;
  const seconds = (performance.now() - begin) / 1_000;
  const used = process.cpuUsage(cpu);
  await strategy.close();
  await sender.close();
  await consumer.close();
  const { p50, p99 } = quantiles(delays);
  return {
    transport,
    'items a message': itemsEach,
    'messages/s': Math.round(total / seconds),
    'items/s': Math.round((total * itemsEach) / seconds),
    'CPU µs a message': Math.round((used.user + used.system) / total),
    'p50 ms': p50,
    'p99 ms': p99,
  };
}

const rows = [];
for (const transport of ['in process', 'RabbitMQ, classic', 'RabbitMQ, quorum']) {
  for (const items of [1, 20]) rows.push(await measure(transport, items));
}
console.log(conditions());
printTable(`${total} messages, each in a turn of its own`, rows);
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify({ conditions: conditions(), rows }, null, 2));
