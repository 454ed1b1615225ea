import { AgentHeartbeatV1, AgentStateChangedV1 } from '@tranche/contracts';
import { FakeClock, silentTracer } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { Outbox } from './outbox.js';

/** Lets the turn of the event loop end. */
const turn = () => new Promise((resolve) => void setImmediate(resolve));
const beat = (agentId: string) => [{ agentId }];

function paced() {
  const clock = new FakeClock();
  const sent: string[] = [];
  const outbox = new Outbox(
    'agent/1',
    async ({ queue, envelope: { items } }) => void sent.push(`${queue ?? 'facts'}: ${items.length}`),
    { system: 'rabbitmq', tracer: silentTracer },
    5,
    clock,
  );
  return { clock, sent, outbox, send: (queue: string, id: string) => outbox.add(AgentHeartbeatV1, queue, beat(id)) };
}

it('lets what comes soon after a departure share the next one', async () => {
  const { clock, sent, send } = paced();
  await send('registry', 'a');
  expect(sent).toEqual(['registry: 1']);
  void send('registry', 'b');
  await turn();
  void send('registry', 'c');
  void send('offers', 'd');
  await turn();
  expect(sent).toHaveLength(1);
  clock.advance(5);
  expect(sent.slice(1)).toEqual(['registry: 2', 'offers: 1']);
  clock.advance(5);
  await send('registry', 'e');
  expect(sent.at(-1)).toBe('registry: 1');
});

it('leaves at once when told to, and closes what a snapshot has counted', async () => {
  const { sent, send, outbox } = paced();
  await send('registry', 'a');
  void send('registry', 'b');
  expect(outbox.factNumbers().numbers).toEqual({ [AgentHeartbeatV1.pattern]: 2 });
  void send('registry', 'c');
  void outbox.add(AgentStateChangedV1, undefined, [{}]);
  outbox.flush();
  expect(sent.slice(1)).toEqual(['registry: 1', 'registry: 1', 'facts: 1']);
});
