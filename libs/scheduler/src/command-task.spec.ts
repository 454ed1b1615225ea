import type { Offer } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { commandTask, packOffer } from './command-task.js';

const placement = {
  agentId: 'S0',
  resources: [{ name: 'ports', type: 'RANGES' as const, ranges: { range: [{ begin: 31000, end: 31001 }] } }],
};

describe('commandTask', () => {
  it('runs a text by the shell', () => {
    expect(commandTask({ id: 't', command: 'echo hi; exit 3' }, { agentId: 'S0', resources: [] })).toEqual({
      name: 't',
      task_id: { value: 't' },
      agent_id: { value: 'S0' },
      resources: [],
      command: { shell: true, value: 'echo hi; exit 3' },
    });
  });

  it('leaves to an image what is to be run', () => {
    expect(commandTask({ id: 't', command: [] }, { agentId: 'S0', resources: [] }).command).toEqual({ shell: false });
  });

  it('runs a list as program and arguments, the program being the first argument', () => {
    const task = commandTask({ id: 't', command: ['sh', '-c', 'exit 3'] }, { agentId: 'S0', resources: [] });
    expect(task.command).toEqual({ shell: false, value: 'sh', arguments: ['sh', '-c', 'exit 3'] });
  });

  it('tells the task its ports', () => {
    const task = commandTask({ id: 't', command: 'true', env: { A: 'b' } }, placement);
    expect(task.command?.environment?.variables).toEqual([
      { name: 'PORT', value: '31000' },
      { name: 'PORT0', value: '31000' },
      { name: 'PORT1', value: '31001' },
      { name: 'A', value: 'b' },
    ]);
  });

  it('lets the framework set a port variable itself', () => {
    const task = commandTask({ id: 't', command: 'true', env: { PORT: '80' } }, placement);
    expect(task.command?.environment?.variables).toContainEqual({ name: 'PORT', value: '80' });
  });

  it('writes grace and longest run as nanoseconds', () => {
    const task = commandTask({ id: 't', command: 'true', killGraceMs: 1500, maxRunMs: 60_000 }, placement);
    expect(task.kill_policy).toEqual({ grace_period: { nanoseconds: 1.5e9 } });
    expect(task.max_completion_time).toEqual({ nanoseconds: 6e10 });
  });
});

describe('packOffer', () => {
  const offer: Offer = {
    id: { value: 'O' },
    framework_id: { value: 'F' },
    agent_id: { value: 'S0' },
    hostname: 'n1',
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }],
  };

  it('launches what fits, in order, and keeps the rest waiting', () => {
    const tasks = [
      { id: 'a', command: 'true', cpus: 0.6 },
      { id: 'b', command: 'true', cpus: 0.6 },
      { id: 'c', command: 'true', cpus: 0.4 },
    ];
    const { launched, waiting } = packOffer(offer, tasks);
    expect(launched.map((task) => task.task_id.value)).toEqual(['a', 'c']);
    expect(waiting.map((task) => task.id)).toEqual(['b']);
  });
});
