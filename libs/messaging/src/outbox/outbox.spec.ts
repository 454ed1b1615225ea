import {
  AgentHeartbeatV1,
  AgentStateChangedV1,
  FrameworkUpdatedV1,
  OffersChangedV1,
  TaskLaunchedV1,
  TaskUpdatedV1,
  UnregisterAgentV1,
} from '@tranche/contracts';
import { FakeClock, silentTracer } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
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

const offerEnded = (agentId: string) =>
  ({
    ...{ contract: OffersChangedV1, name: `offer of ${agentId}` },
    item: { kind: 'ended', offerId: 'o', agentId },
  }) as const;
const launched = (taskId: string, agentId: string) =>
  ({ ...{ contract: TaskLaunchedV1, name: `launch ${taskId}` }, item: { task: { taskId, agentId } } }) as const;
const updated = (taskId: string) =>
  ({ ...{ contract: TaskUpdatedV1, name: `update ${taskId}` }, item: { taskId, agentId: 'elsewhere' } }) as const;
const framework = { contract: FrameworkUpdatedV1, name: 'framework', item: {} } as const;
type Fact = ReturnType<typeof offerEnded | typeof launched | typeof updated> | typeof framework;

/** @returns the names of the items of each message */
function messagesOf(facts: readonly Fact[]): string[] {
  const sent: string[] = [];
  const outbox = new Outbox('offers/1', async ({ envelope: { items } }) => {
    sent.push(items.map((item) => facts.find((fact) => fact.item === item)?.name).join(', '));
  });
  for (const { contract, item } of facts) void outbox.add(contract, undefined, [item]);
  outbox.flush();
  return sent;
}

describe('facts that say what they are about', () => {
  it('pass those about others, to share a message with their like', () => {
    const accepted = (taskId: string, agentId: string) => [offerEnded(agentId), launched(taskId, agentId)];
    expect(messagesOf([...accepted('t1', 'a'), updated('t0'), ...accepted('t2', 'b'), updated('t1')])).toEqual([
      'offer of a, offer of b',
      'launch t1, launch t2',
      'update t0, update t1',
    ]);
  });

  it('stay behind what was said of the same subject, and their like stay behind them', () => {
    const again = [launched('t', 'a'), updated('t'), launched('t', 'b'), launched('u', 'c'), updated('u')];
    expect(messagesOf(again)).toEqual(['launch t', 'update t', 'launch t, launch u', 'update u']);
    expect(messagesOf([launched('t', 'a'), offerEnded('b'), launched('u', 'b'), offerEnded('c')])).toEqual([
      'launch t',
      'offer of b, offer of c',
      'launch u',
    ]);
  });

  it('pass nothing that names no subject', () => {
    expect(messagesOf([updated('t'), framework, framework, updated('u'), launched('v', 'a'), updated('w')])).toEqual([
      'update t',
      'framework, framework',
      'update u, update w',
      'launch v',
    ]);
    expect(messagesOf([framework, updated('t'), framework])).toEqual(['framework', 'update t', 'framework']);
  });

  it('begin all anew behind a message that is full', () => {
    const ends = (count: number) => Array.from({ length: count }, () => offerEnded('a'));
    const sizes = messagesOf([...ends(999), launched('t', 'b'), ...ends(2), launched('u', 'c')]);
    expect(sizes.map((names) => names.split(', ').length)).toEqual([1_000, 1, 1, 1]);
    expect(sizes.slice(1)).toEqual(['launch t', 'offer of a', 'launch u']);
  });
});

it('tells when the last of its messages is taken', async () => {
  const { sent, outbox } = paced();
  const items = [{ taskId: 't' }, { taskId: 'u' }];
  void outbox.add(TaskUpdatedV1, undefined, [{ taskId: 'v' }]);
  void outbox.add(TaskLaunchedV1, undefined, [{ task: { taskId: 'u', agentId: 'a' } }]);
  await outbox.add(TaskUpdatedV1, undefined, items);
  expect(sent).toEqual(['facts: 2', 'facts: 1', 'facts: 1']);
});

it('keeps the order of all commands to one queue', async () => {
  const { sent, outbox, send } = paced();
  void send('agent.S1', 'a');
  void outbox.add(UnregisterAgentV1, 'agent.S1', [{}]);
  await send('agent.S1', 'b');
  expect(sent).toEqual(['agent.S1: 1', 'agent.S1: 1', 'agent.S1: 1']);
});
