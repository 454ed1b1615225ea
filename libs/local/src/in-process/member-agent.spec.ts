import { AgentRefusedError, type RunningAgent } from '@tranche/agent';
import { describe, expect, it } from 'vitest';
import { MemberAgent } from './member-agent.js';

type End = Awaited<RunningAgent['ended']>;

/** An agent whose lives begin as they are told: a refusal, a failure, or a life that ends on demand. */
function scene(...lives: (Error | 'life')[]) {
  const ends: ((end: End) => void)[] = [];
  const told: string[] = [];
  const stopped: boolean[] = [];
  const begin = async (): Promise<RunningAgent> => {
    const next = lives.shift();
    if (next !== 'life') throw next ?? new Error('begun too often');
    const { promise, resolve } = Promise.withResolvers<End>();
    ends.push(resolve);
    const stop = async ({ killTasks }: { killTasks: boolean }): Promise<void> => {
      stopped.push(killTasks);
      resolve({ cause: 'stopped' });
    };
    return { ended: promise, stop } as RunningAgent;
  };
  const agent = new MemberAgent(begin, 1, (change) => void told.push(change.kind === 'back' ? 'back' : change.reason));
  return { agent, told, stopped, end: (end: End) => ends.shift()?.(end) };
}

describe('MemberAgent', () => {
  it('asks again when the cluster does not take it any more, and tells each refusal once', async () => {
    const down = new AgentRefusedError('down');
    const { agent, told, end } = scene('life', down, down, 'life');
    await agent.start();
    expect([agent.running !== undefined, agent.refusal]).toEqual([true, undefined]);
    end({ cause: 'refused', reason: 'down' });
    await expect.poll(() => told).toEqual(['down', 'back']);
    expect([agent.running !== undefined, agent.refusal]).toEqual([true, undefined]);
  });

  it('is not there, and asks again, when it is refused from the beginning', async () => {
    const { agent, told } = scene(new AgentRefusedError('gone'), 'life');
    await agent.start();
    expect([agent.running, agent.refusal]).toEqual([undefined, 'gone']);
    await expect.poll(() => told).toEqual(['back']);
  });

  it('does not start when anything else keeps it from that', async () => {
    await expect(scene(new Error('port in use')).agent.start()).rejects.toThrow('port in use');
  });

  it('ends when it fails, in a life or between two', async () => {
    const error = new Error('no journal');
    const first = scene('life');
    await first.agent.start();
    first.end({ cause: 'failed', error });
    expect(await first.agent.ended).toEqual({ cause: 'failed', error });
    const second = scene('life', error);
    await second.agent.start();
    second.end({ cause: 'refused', reason: 'down' });
    expect(await second.agent.ended).toEqual({ cause: 'failed', error });
  });

  it('does not ask again once it is stopped', async () => {
    const { agent, told, stopped, end } = scene('life');
    await agent.start();
    const stopping = agent.stop({ killTasks: true });
    end({ cause: 'refused', reason: 'down' });
    await stopping;
    expect([await agent.ended, told, stopped]).toEqual([{ cause: 'stopped' }, [], [true]]);
  });
});
