import { AgentHeartbeatV1, type Envelope } from '@tranche/contracts';
import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { MessageDispatcher } from './message-dispatcher.js';

const message = (agentId: string): { body: string; headers: object } => {
  const { pattern } = AgentHeartbeatV1;
  const envelope: Envelope = {
    ...{ id: `m-${agentId}`, pattern, source: 'agent/1', sequence: 1 },
    ...{ time: '2026-01-01T00:00:00.000Z', items: [{ agentId }] },
  };
  return { body: JSON.stringify(envelope), headers: {} };
};

describe('MessageDispatcher', () => {
  it('begins with no message that is left when it is abandoned, and keeps none aside', async () => {
    const begun: string[] = [];
    const first = Promise.withResolvers<void>();
    const invoke = (_pattern: string, items: unknown): Promise<void> => {
      begun.push(...(items as { agentId: string }[]).map(({ agentId }) => agentId));
      return first.promise;
    };
    const letters: unknown[] = [];
    const dispatcher = new MessageDispatcher(invoke, silentLogger, (letter) => void letters.push(letter));
    const settled: string[] = [];
    for (const id of ['a', 'b']) void dispatcher.take({ ...message(id), headers: {} }).then(() => settled.push(id));
    await new Promise((resolve) => setImmediate(resolve));
    dispatcher.abandon();
    first.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect({ begun, settled, letters }).toEqual({ begun: ['a'], settled: ['a'], letters: [] });
  });
});
