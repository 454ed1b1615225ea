import type { AgentUsage, CommandContract, QueryContract } from '@tranche/contracts';
import { FakeClock, silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { AllocatorBus } from './allocator.bus.js';

/** A broker that is there or not. */
class FakeBroker {
  isAway = false;
  readonly sent: [pattern: string, items: readonly unknown[]][] = [];

  async send<I>(contract: CommandContract<I>, _queue: string, items: readonly I[]): Promise<void> {
    if (this.isAway) throw new Error('broker away');
    this.sent.push([contract.pattern, items]);
  }

  /** Answers of the allocator, in turn. */
  readonly answers: Promise<unknown>[] = [];
  async ask<Q, R>(_contract: QueryContract<Q, R>): Promise<R> {
    return (await this.answers.shift()) as R;
  }
}

describe('AllocatorBus', () => {
  it('tells the whole usage of an agent, once it can, after a recovery could not be sent', async () => {
    const broker = new FakeBroker();
    const clock = new FakeClock();
    const usage = (agentId: string): AgentUsage => ({ agentId, held: [] });
    const allocator = new AllocatorBus(broker, clock, silentLogger, usage);
    const item = { frameworkId: 'F', role: 'web', agentId: 'S1', resources: [] };
    broker.isAway = true;
    allocator.recover(item);
    allocator.recover(item);
    await turn();
    clock.advance(1_000);
    await turn();
    broker.isAway = false;
    clock.advance(1_000);
    await turn();
    clock.advance(10_000);
    expect(broker.sent).toEqual([['agent.usage.v1', [{ agentId: 'S1', held: [] }]]]);
  });

  it('tells no usage of an agent while the allocator is asked to convert what is free there', async () => {
    const broker = new FakeBroker();
    const clock = new FakeClock();
    const allocator = new AllocatorBus(broker, clock, silentLogger, (agentId) => ({ agentId, held: [] }));
    const answer = Promise.withResolvers<unknown>();
    broker.answers.push(answer.promise);
    const converting = allocator.convertFree({ agentId: 'S1', partition: 0, consumed: [], converted: [] });
    allocator.usage({ agentId: 'S1', held: [] });
    await turn();
    expect(broker.sent).toEqual([]);
    answer.resolve({ outcome: 'converted' });
    expect(await converting).toEqual({ outcome: 'converted' });
    allocator.usage({ agentId: 'S1', held: [] });
    expect(broker.sent).toHaveLength(1);
    clock.advance(1_000);
    await turn();
    expect(broker.sent).toHaveLength(2);
  });

  it('tells the whole usage after it could not learn what became of a conversion', async () => {
    const broker = new FakeBroker();
    const clock = new FakeClock();
    const allocator = new AllocatorBus(broker, clock, silentLogger, (agentId) => ({ agentId, held: [] }));
    broker.answers.push(Promise.reject(new Error('no answer')));
    const request = { agentId: 'S1', partition: 0, consumed: [], converted: [] };
    await expect(allocator.convertFree(request)).rejects.toThrow('no answer');
    clock.advance(1_000);
    await turn();
    expect(broker.sent).toHaveLength(1);
  });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
