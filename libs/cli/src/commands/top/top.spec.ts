import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, amounts, FakeRest, fakeWorld, framework, task } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';
import { usagesOf } from './usage-samples.js';

let cluster: FakeCluster;
let rest: FakeRest;
/** Rises with each measurement: 0.5 s of cpu in each second. */
let seconds = 0;

async function run(...args: string[]) {
  const world = fakeWorld({ isLive: true, speed: 100 });
  const exitCode = await runCli(['-u', cluster.url, 'top', ...args], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr() };
}

beforeEach(async () => {
  seconds = 0;
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent(), agent({ id: 'a2', hostname: 'n2', tasks: 0 }), agent({ id: 'a3', hostname: 'n3' })];
  rest.frameworks = [framework()];
  rest.tasks = [task(), task({ id: 'idle', name: 'idle', resources: amounts(1, 32) })];
  rest.answers.set('GET /v1/agents/a1/monitor/statistics', () => {
    seconds += 1;
    const statistics = {
      cpus_user_time_secs: seconds / 4,
      cpus_system_time_secs: seconds / 4,
      timestamp: 1e9 + seconds,
    };
    const busy = {
      executor_id: '7f3a19c2-web',
      framework_id: 'f1',
      statistics: { ...statistics, mem_rss_bytes: 2 ** 25 },
    };
    const idle = {
      executor_id: 'idle',
      framework_id: 'f1',
      statistics: { timestamp: 1e9 + seconds, mem_rss_bytes: 2 ** 20 },
    };
    return { body: JSON.stringify([idle, busy]) };
  });
});
afterEach(() => cluster.stop());

const rows = (stdout: string): string[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/).join('|'));

describe('tranche top', () => {
  it('measures tasks twice, and shows those first that use most', async () => {
    const { stdout, stderr, exitCode } = await run();
    expect(rows(stdout)).toEqual([
      'NAME|CPUS|MEM|AGENT|FRAMEWORK',
      'web|0.5/0.1|32 MiB/64 MiB|n1|web',
      'idle|0/1|1 MiB/32 MiB|n1|web',
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('without n3: no answer')]);
  });

  it('adds up agents and frameworks', async () => {
    expect(rows((await run('agents')).stdout)).toEqual([
      'NAME|CPUS|MEM|TASKS',
      'n1|0.5/2|33 MiB/2 GiB|1',
      'n2|-/2|0 B/2 GiB|0',
      'n3|-/2|0 B/2 GiB|1',
    ]);
    expect(rows((await run('frameworks')).stdout)[1]).toBe('web|0.5/0.5|33 MiB/512 MiB|1');
  });

  it('knows what can be measured', async () => {
    expect(await run('roles')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('agents tasks frameworks'),
    });
  });
});

describe('usagesOf', () => {
  const sample = { agentId: 'a', frameworkId: 'f', executorId: 'e', cpuSeconds: 5, memBytes: 1, atSeconds: 10 };
  it('has no rate of what is new, and none below zero of what was started again', () => {
    expect(usagesOf([], [sample])[0]?.cpus).toBeUndefined();
    expect(usagesOf([sample], [sample])[0]?.cpus).toBeUndefined();
    expect(usagesOf([sample], [{ ...sample, cpuSeconds: 1, atSeconds: 12 }])[0]?.cpus).toBe(0);
    expect(usagesOf([sample], [{ ...sample, cpuSeconds: 8, atSeconds: 12 }])[0]?.cpus).toBe(1.5);
  });
});
