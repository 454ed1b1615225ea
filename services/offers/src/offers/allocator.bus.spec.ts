import type { AgentUsage, CommandContract } from '@tranche/contracts';
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
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
