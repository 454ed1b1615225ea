import { type FactContract, KillTaskV1, LaunchTasksV1, OffersChangedV1, TaskUpdatedV1 } from '@tranche/contracts';
import { activeTrace, inSpan, runInSpan, type SpanRecord, Tracer } from '@tranche/telemetry';
import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { MessageDispatcher } from './message-dispatcher.js';
import { Outbox, type OutgoingMessage } from './outbox/outbox.js';

function world(handle: () => Promise<unknown> = async () => undefined) {
  const spans: SpanRecord[] = [];
  const sink = { span: (record: SpanRecord) => void spans.push(record), log: () => undefined };
  const sender = new Tracer('offers', [sink]);
  const sent: OutgoingMessage[] = [];
  const outbox = new Outbox('offers/1', async (message) => void sent.push(message), {
    system: 'inproc',
    tracer: sender,
  });
  const receiver = new Tracer('agent', [sink]);
  const traffic = { system: 'inproc' as const, tracer: receiver, queue: 'agent.S1' };
  const dispatcher = new MessageDispatcher(handle, silentLogger, () => undefined, traffic);
  const inRequest = <T>(run: () => T): T => {
    const span = sender.begin('POST', undefined);
    return runInSpan(sender, span, run);
  };
  const named = (name: string) => spans.filter((span) => span.name === name);
  return { spans, sent, outbox, dispatcher, inRequest, named };
}

const kill = { agentId: 'S1', frameworkId: 'F', taskId: 't' };
const bodyOf = ({ envelope, headers }: OutgoingMessage) => ({ body: JSON.stringify(envelope), headers });

describe('the trace of a message', () => {
  it('goes from the sending to the handling, and what is done there belongs to it', async () => {
    const { sent, outbox, dispatcher, inRequest, named } = world(async () => inSpan('inside', {}, () => undefined));
    await inRequest(() => outbox.add(KillTaskV1, 'agent.S1', [kill]));
    for (const message of sent) await dispatcher.take(bodyOf(message));
    const [send] = named('send agent.S1');
    const [process] = named('process agent.S1');
    expect(process).toMatchObject({ traceId: send?.traceId, parentSpanId: send?.spanId, kind: 'consumer' });
    expect(process?.attributes).toMatchObject({
      'messaging.system': 'inproc',
      'messaging.destination.name': 'agent.S1',
      'messaging.message.id': sent[0]?.envelope.id,
      'messaging.batch.message_count': 1,
      'tranche.message': 'kill-task.v1',
    });
    expect(Number(process?.attributes['tranche.message.sent_ms'])).toBeLessThanOrEqual(process?.startMs ?? 0);
    expect(named('inside')[0]?.parentSpanId).toBe(process?.spanId);
  });

  it('of a batch has a link for each item of another trace', async () => {
    const { sent, outbox, dispatcher, inRequest, named } = world();
    const adding = [1, 2, 3].map(() => inRequest(() => outbox.add(KillTaskV1, 'agent.S1', [kill, kill])));
    await Promise.all(adding);
    for (const message of sent) await dispatcher.take(bodyOf(message));
    expect(sent).toHaveLength(1);
    for (const name of ['send agent.S1', 'process agent.S1']) {
      const [span] = named(name);
      expect(span?.links).toHaveLength(2);
      expect(new Set([span?.traceId, ...(span?.links ?? []).map(({ traceId }) => traceId)]).size).toBe(3);
    }
  });

  it('shows every try, and a redelivery', async () => {
    let tries = 0;
    const { sent, outbox, dispatcher, inRequest, named } = world(async () => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('database is locked'), { retryable: true });
    });
    await inRequest(() => outbox.add(KillTaskV1, 'agent.S1', [kill]));
    for (const message of sent) await dispatcher.take({ ...bodyOf(message), redelivered: true });
    const handled = named('process agent.S1');
    expect(handled.map(({ error }) => error)).toEqual(['database is locked', undefined]);
    expect(handled[1]?.attributes).toMatchObject({ 'tranche.message.tries': 2, 'tranche.message.redelivered': true });
  });

  it('tells when the broker did not take it', async () => {
    const { spans, inRequest } = world();
    const sink = { span: (record: SpanRecord) => void spans.push(record), log: () => undefined };
    const traffic = { system: 'inproc' as const, tracer: new Tracer('offers', [sink]) };
    const outbox = new Outbox('offers/1', () => Promise.reject(new Error('queue agent.S1 is unknown')), traffic);
    await expect(inRequest(() => outbox.add(LaunchTasksV1, 'agent.S1', [{}]))).rejects.toThrow('unknown');
    expect(spans.at(-1)).toMatchObject({ name: 'send agent.S1', error: 'queue agent.S1 is unknown' });
  });

  it('of facts is marked as one that tells little', async () => {
    const { outbox, inRequest, named } = world();
    await inRequest(() => outbox.add(TaskUpdatedV1, undefined, [{}]));
    expect(named('send task.updated.v1')[0]?.isMinor).toBe(true);
  });

  it('of facts has a link for what has joined them past others', async () => {
    const { outbox, inRequest, named } = world();
    const traces: (string | undefined)[] = [];
    const add = (contract: FactContract, item: unknown) =>
      inRequest(() => {
        traces.push(activeTrace()?.traceId);
        return outbox.add(contract, undefined, [item]);
      });
    const update = (taskId: string) => add(TaskUpdatedV1, { taskId });
    await Promise.all([update('t'), add(OffersChangedV1, { kind: 'ended', agentId: 'S1' }), update('u')]);
    const tracesOf = (name: string) =>
      named(name).map(({ traceId, links }) => [traceId, ...links.map((link) => link.traceId)]);
    expect(tracesOf('send task.updated.v1')).toEqual([[traces[0], traces[2]]]);
    expect(tracesOf('send offers.changed.v1')).toEqual([[traces[1]]]);
  });
});
