import {
  AgentHeartbeatV1,
  type CommandContract,
  type Envelope,
  LaunchTasksV1,
  NoteTaskStatusV1,
} from '@tranche/contracts';
import { createLogger, silentLogger } from '@tranche/telemetry';
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

describe('the line for each message', () => {
  const lines: Record<string, unknown>[] = [];
  const TRACE = 'a'.repeat(32);
  const of = (contract: CommandContract<never>, items: readonly object[], id = 'm') => ({
    body: JSON.stringify({
      ...{ id, pattern: contract.pattern, source: 'offers/1', sequence: 1, time: '2026-01-01T00:00:00.000Z', items },
    }),
    headers: { traceparent: `00-${TRACE}-${'b'.repeat(16)}-01` },
  });
  const dispatching = (level: 'debug' | 'info' | 'warn', invoke = async (): Promise<unknown> => undefined) => {
    lines.length = 0;
    const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
    const logger = createLogger({ service: 'agent', level, format: 'json', write });
    return new MessageDispatcher(invoke, logger, () => undefined);
  };
  const note = (taskId: string) => ({ agentId: 'S0', frameworkId: 'F', taskId, status: { state: 'TASK_RUNNING' } });
  const launch = {
    ...{ agentId: 'S0', frameworkId: 'F', framework: {}, role: 'web', traceId: TRACE },
    task: { task_id: { value: 't' }, command: { environment: { variables: [{ name: 'KEY', value: 'hunter2' }] } } },
  };

  it('names message, items, sender, outcome, time, trace, and the ids that its items have in common', async () => {
    await dispatching('info').take(of(NoteTaskStatusV1 as CommandContract<never>, [note('t1'), note('t2')]));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      ...{ level: 'info', msg: 'message handled', message: NoteTaskStatusV1.pattern, items: 2, source: 'offers/1' },
      ...{ outcome: 'ok', ms: expect.any(Number), traceId: TRACE, agentId: 'S0', frameworkId: 'F' },
    });
    expect(lines[0]).not.toHaveProperty('taskId');
  });

  it('names a task by its own document, and nothing that is in it', async () => {
    await dispatching('info').take(of(LaunchTasksV1 as CommandContract<never>, [launch]));
    expect(lines[0]).toMatchObject({ items: 1, taskId: 't', role: 'web' });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('tells of each try, of what failed, and of what came again', async () => {
    let tries = 0;
    const invoke = async (): Promise<void> => {
      if (++tries === 1) throw Object.assign(new Error('locked'), { retryable: true });
    };
    const dispatcher = dispatching('info', invoke);
    const message = of(NoteTaskStatusV1 as CommandContract<never>, [note('t1')]);
    await dispatcher.take(message);
    await dispatcher.take(message);
    const told = lines.filter(({ msg }) => msg === 'message handled');
    expect(told.map(({ outcome, tries: of = 1, taskId }) => [outcome, of, taskId])).toEqual([
      ['failed', 1, 't1'],
      ['ok', 2, 't1'],
      ['repeated', 1, 't1'],
    ]);
  });

  it('is a detail of what a clock sends, and is not made where it is not written', async () => {
    const beat = of(AgentHeartbeatV1 as CommandContract<never>, [{ agentId: 'S0' }]);
    await dispatching('info').take(beat);
    expect(lines).toEqual([]);
    await dispatching('debug').take(beat);
    expect(lines).toMatchObject([{ level: 'debug', message: AgentHeartbeatV1.pattern, agentId: 'S0' }]);
    await dispatching('warn').take(of(NoteTaskStatusV1 as CommandContract<never>, [note('t1')]));
    expect(lines).toEqual([]);
  });
});
