import { join } from 'node:path';
import { type FrameworkEvent, Scheduler } from '@tranche/scheduler';
import type { ExecutorInfo, FrameworkInfo, Offer, Resource, TaskInfo } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const PROGRAM = join(import.meta.dirname, '../executors/json-executor.mjs');

const scalars = (cpus: number, mem: number, disk = 0): Resource[] =>
  Object.entries({ cpus, mem, disk })
    .filter(([, value]) => value > 0)
    .map(([name, value]) => ({ name, type: 'SCALAR', scalar: { value } }));

/** A framework whose events can be waited for in any order. */
class Framework {
  readonly scheduler: Scheduler;
  readonly events: FrameworkEvent[] = [];
  private waiting: (() => void)[] = [];
  private readonly loop: Promise<void>;

  constructor(url: string, info: Partial<FrameworkInfo> = {}) {
    const framework = { user: 'root', name: 'executors', failover_timeout: 600, checkpoint: true, ...info };
    this.scheduler = new Scheduler({ url, framework });
    this.loop = this.listen();
  }

  /** Settles with the first event for which `find` finds something. */
  async find<T>(find: (event: FrameworkEvent) => T | undefined): Promise<T> {
    for (;;) {
      for (const event of this.events) {
        const found = find(event);
        if (found !== undefined) return found;
      }
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  offer(): Promise<Offer> {
    return this.find((event) => (event.type === 'offers' ? event.offers[0] : undefined));
  }

  status(taskId: string, state: string) {
    return this.find((event) =>
      event.type === 'update' && event.status.task_id.value === taskId && event.status.state === state
        ? event.status
        : undefined,
    );
  }

  /** Wait status of an executor that has ended. */
  ended(executorId: string): Promise<number> {
    return this.find((event) =>
      event.type === 'failure' && event.executorId === executorId ? (event.waitStatus ?? -1) : undefined,
    );
  }

  async end(): Promise<void> {
    await this.scheduler.teardown();
    await this.loop;
  }

  private async listen(): Promise<void> {
    for await (const event of this.scheduler) {
      this.events.push(event);
      for (const wake of this.waiting.splice(0)) wake();
    }
  }
}

describe('executors of frameworks on the local cluster', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1', '--resources', 'cpus:8;mem:4096;disk:8192');
  });
  afterAll(() => cluster?.stop());

  const executor = (id: string): ExecutorInfo => ({
    executor_id: { value: id },
    command: { shell: false, value: process.execPath, arguments: ['node', PROGRAM] },
    resources: scalars(0.1, 128),
  });
  const podExecutor = ({ scheduler }: Framework, id: string): ExecutorInfo => ({
    type: 'DEFAULT',
    executor_id: { value: id },
    framework_id: { value: scheduler.frameworkId ?? '' },
    resources: scalars(0.1, 32, 16),
  });
  const task = (offer: Offer, id: string, more: Partial<TaskInfo>): TaskInfo => ({
    ...{ name: id, task_id: { value: id }, agent_id: offer.agent_id, resources: scalars(0.1, 32) },
    ...more,
  });

  it('run tasks, get messages and answer them, and end when they are told to', async () => {
    const framework = new Framework(cluster.url);
    const offer = await framework.offer();
    const own = executor('e1');
    await framework.scheduler.launch(offer, [
      task(offer, 'stay', { executor: own }),
      task(offer, 'done', { executor: own, name: 'finish' }),
    ]);
    await framework.status('done', 'TASK_FINISHED');
    expect(await framework.status('stay', 'TASK_RUNNING')).toMatchObject({
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: 'e1' },
    });
    await framework.scheduler.message(offer.agent_id.value, 'e1', Buffer.from('ping'));
    const answer = await framework.find((event) => (event.type === 'message' ? event : undefined));
    expect([answer.executorId, answer.data.toString()]).toEqual(['e1', 'ping']);
    await framework.scheduler.kill('stay');
    await framework.status('stay', 'TASK_KILLED');
    await framework.scheduler.shutdownExecutor(offer.agent_id.value, 'e1');
    expect(await framework.ended('e1')).toBe(0);
    await framework.end();
  });

  it('live through a kill -9 of everything around them', async () => {
    const framework = new Framework(cluster.url);
    const offer = await framework.offer();
    await framework.scheduler.launch(offer, [task(offer, 'survivor', { executor: executor('e2') })]);
    const before = await framework.status('survivor', 'TASK_RUNNING');
    await cluster.crash();
    await cluster.up();
    await framework.find((event) => (event.type === 'subscribed' && event.again ? event : undefined));
    await framework.scheduler.kill('survivor');
    const after = await framework.status('survivor', 'TASK_KILLED');
    expect(after.container_status?.executor_pid).toBe(before.container_status?.executor_pid);
    await framework.end();
  });

  it('are played by the agent for task groups: a pod of three with a shared volume', async () => {
    const framework = new Framework(cluster.url);
    const offer = await framework.offer();
    const wait = (file: string): string => `until [ -e data/${file} ]; do sleep 0.05; done`;
    const pod = (id: string, command: string): TaskInfo =>
      task(offer, id, {
        command: { value: command },
        container: {
          type: 'MESOS',
          volumes: [
            {
              ...{ container_path: 'data', mode: 'RW' },
              source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'data' } },
            },
          ],
        },
      });
    const tasks = [
      pod('p1', `touch data/1; ${wait('3')}`),
      pod('p2', `${wait('1')}; touch data/2`),
      pod('p3', `${wait('2')}; touch data/3`),
    ];
    const launch_group = {
      executor: podExecutor(framework, 'pod'),
      task_group: { tasks },
    };
    await framework.scheduler.accept([offer], [{ type: 'LAUNCH_GROUP', launch_group }]);
    for (const { task_id } of tasks) {
      const { container_status: container } = await framework.status(task_id.value, 'TASK_FINISHED');
      expect(container?.container_id?.parent?.value).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await framework.ended('pod')).toBe(0);
    // What the executor has is nobody's limit, also not that of the first.
    const shown = await cluster.get<{ items: { resources: { cpus: number; memBytes: number } }[] }>(
      '/v1/tasks?name=p1&name=p2&name=p3',
    );
    expect(new Set(shown.items.map(({ resources }) => `${resources.cpus} ${resources.memBytes}`)).size).toBe(1);
    await framework.end();
  });

  it('end a task group with its first task that fails', async () => {
    const framework = new Framework(cluster.url);
    const offer = await framework.offer();
    const tasks = [
      task(offer, 'healthy', { command: { value: 'exec sleep 600' } }),
      task(offer, 'broken', { command: { value: 'sleep 0.5; exit 5' } }),
    ];
    const launch_group = {
      executor: podExecutor(framework, 'pod-2'),
      task_group: { tasks },
    };
    await framework.scheduler.accept([offer], [{ type: 'LAUNCH_GROUP', launch_group }]);
    expect((await framework.status('broken', 'TASK_FAILED')).message).toBe('Command exited with status 5');
    await framework.status('healthy', 'TASK_KILLED');
    expect(await framework.ended('pod-2')).toBe(0);
    await framework.end();
  });
});
