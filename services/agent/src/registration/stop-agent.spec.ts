import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { TaskWorld } from '../testing/task-world.js';
import { StopAgent } from './stop-agent.js';

describe('StopAgent', () => {
  const world = new TaskWorld();
  const sent: unknown[] = [];
  const bus = {
    send: async (contract: { readonly name: string }, queue: string, items: readonly unknown[]) => {
      sent.push({ name: contract.name, queue, items });
    },
  };
  const { ledger, killer, live, updates, executors } = world;
  const containers = { endAll: async () => undefined };
  const stop = new StopAgent(ledger, killer, executors.shutdowns, containers, live, updates, bus, silentLogger);

  it('ends all tasks with their grace, sends their last updates and says good-bye', async () => {
    await world.launch();
    await settled();
    const ended = stop.endTasks();
    await settled();
    const { containerId } = world.task();
    expect(world.containerizer.signals(containerId)).toEqual(['SIGTERM']);
    world.clock.advance(3_000);
    expect(world.containerizer.signals(containerId)).toEqual(['SIGTERM', 'SIGKILL']);
    world.containerizer.end(containerId, { waitStatus: 9 });
    await ended;
    await settled();
    await stop.leave('stopped by its operator');
    expect(world.states.slice(-3)).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']);
    expect(sent).toEqual([
      { name: 'unregister-agent', queue: 'registry', items: [{ agentId: 'S0', reason: 'stopped by its operator' }] },
    ]);
  });
});
