import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ago, FakeRest, runInFakeWorld, task } from '../../cli.fakes.js';

let cluster: FakeCluster;
let rest: FakeRest;
beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  const at = ago(230);
  rest.tasks = [
    task({ command: 'sleep 600', runningAt: at, statuses: [{ state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', at }] }),
  ];
});
afterEach(() => cluster.stop());

describe('tranche task describe', () => {
  it('shows a task with every status', async () => {
    const { stdout } = await runInFakeWorld(['-u', cluster.url, 'task', 'describe', 'web']);
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'));
    expect(lines).toEqual(
      expect.arrayContaining(['state|running', 'command|sleep 600', 'resources|cpus 0.1 · mem 64 MiB']),
    );
    expect(lines.at(-2)).toBe(`|${ago(230)}|running|SOURCE_EXECUTOR`);
    expect(stdout).not.toContain('sandbox');
  });

  it('is the REST resource for programs', async () => {
    const { stdout } = await runInFakeWorld(['-u', cluster.url, 'task', 'describe', 'web', '--json']);
    expect(JSON.parse(stdout)).toEqual(rest.tasks[0]);
  });
});
