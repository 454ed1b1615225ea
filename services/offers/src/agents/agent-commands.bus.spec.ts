import { AcknowledgeOperationStatusV1, AcknowledgeStatusV1 } from '@tranche/contracts';
import { AbandonedError, TransportError, UnroutableError } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { AgentCommandsBus } from './agent-commands.bus.js';

const ITEM = { frameworkId: 'f', taskId: 't', uuid: 'u' };
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function commands(stored: Promise<void>): { readonly bus: AgentCommandsBus; readonly sent: string[] } {
  const sent: string[] = [];
  const send = async ({ pattern }: { readonly pattern: string }, queue: string): Promise<void> => {
    sent.push(`${pattern} ${queue}`);
  };
  return { bus: new AgentCommandsBus({ send }, silentLogger, () => stored), sent };
}

describe('AgentCommandsBus', () => {
  it('lets the agent forget a task only when the database has its end', async () => {
    const stored = Promise.withResolvers<void>();
    const { bus, sent } = commands(stored.promise);
    bus.acknowledgeEnd('a', ITEM);
    await turn();
    expect(sent).toEqual([]);
    stored.resolve();
    await turn();
    expect(sent).toEqual([`${AcknowledgeStatusV1.pattern} agent.a`]);
  });

  it('lets the agent forget an operation only when the database has its end: it would be sent once more after a restart', async () => {
    const stored = Promise.withResolvers<void>();
    const { bus, sent } = commands(stored.promise);
    bus.acknowledgeOperation('a', { agentId: 'a', operationUuid: 'o', statusUuid: 'u' });
    await turn();
    expect(sent).toEqual([]);
    stored.resolve();
    await turn();
    expect(sent).toEqual([`${AcknowledgeOperationStatusV1.pattern} agent.a`]);
  });

  it('leaves the end with the agent, who repeats it, when the database does not take it', async () => {
    const { bus, sent } = commands(Promise.reject(new Error('the database is away')));
    bus.acknowledgeEnd('a', ITEM);
    await turn();
    expect(sent).toEqual([]);
  });

  it.each([
    ['the broker took it', undefined, 'delivered'],
    ['there is no such queue', new UnroutableError('agent.a', 'p'), 'agent-gone'],
    ['the broker was away for long', new TransportError('away'), 'broker-away'],
    ['this life ended before the broker answered', new AbandonedError('another may be active'), 'abandoned'],
  ])('says what became of a launch when %s', async (_when, error, delivery) => {
    const send = async (): Promise<void> => {
      if (error !== undefined) throw error;
    };
    const bus = new AgentCommandsBus({ send }, silentLogger, async () => undefined);
    expect(await bus.launch('a', [])).toBe(delivery);
  });

  it('acknowledges other updates at once', () => {
    const { bus, sent } = commands(new Promise(() => undefined));
    bus.acknowledge('a', ITEM);
    expect(sent).toEqual([`${AcknowledgeStatusV1.pattern} agent.a`]);
  });
});
