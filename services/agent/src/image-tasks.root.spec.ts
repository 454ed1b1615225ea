import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ContainerInfo, ExecutorInfo, TaskInfo } from '@tranche/mesos-api';
import { ImageBuilder, imagesMissing, RegistryServer } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executorInfo, scalars } from './testing/executor.builder.js';
import { RootAgent } from './testing/root-agent.js';
import { frameworkInfo, taskInfo } from './testing/task.builder.js';

/** A whole agent, a whole registry; only the control plane is played. */
const missing = imagesMissing();

describe.skipIf(missing !== undefined)(`tasks with an image${missing === undefined ? '' : ` (${missing})`}`, () => {
  let registry: RegistryServer;
  let builder: ImageBuilder;
  let agent: RootAgent;

  beforeAll(async () => {
    registry = await RegistryServer.start();
    builder = new ImageBuilder()
      .busybox()
      .layer()
      .config('--config.env', 'FROM=image', '--config.env', 'BOTH=image', '--config.entrypoint', '/bin/echo')
      .config('--config.cmd', 'by', '--config.cmd', 'default')
      .push(`${registry.host}/lib/box:1`);
    agent = await RootAgent.start('images', { imageRegistry: `http://${registry.host}` });
  });
  afterAll(async () => {
    await agent?.remove();
    builder.remove();
    await registry.stop();
  });

  const withImage = (name = 'lib/box:1', more: Partial<ContainerInfo> = {}): ContainerInfo => ({
    type: 'MESOS',
    mesos: { image: { type: 'DOCKER', docker: { name } } },
    ...more,
  });
  const run = async (command: TaskInfo['command'], container = withImage()) => {
    const taskId = await agent.launch('', { ...(command && { command }), container });
    const { status } = await agent.cluster.ended(taskId);
    return { taskId, status, output: await agent.sandboxFile(taskId, 'stdout') };
  };
  const rootfses = () => readdirSync(join(agent.workDir, 'rootfses'));

  it('runs its command in the image, with the environment of both', async () => {
    const secret = { type: 'VALUE' as const, value: { data: Buffer.from('task').toString('base64') } };
    const variables = [{ name: 'BOTH', type: 'SECRET' as const, secret }];
    const command = 'echo $FROM $BOTH $MESOS_SANDBOX; pwd; ls -d /work /root 2>/dev/null; echo kept > file';
    const { taskId, status, output } = await run({ value: command, environment: { variables } });
    expect(status).toMatchObject({ state: 'TASK_FINISHED' });
    expect(output).toBe('image task /mnt/mesos/sandbox\n/mnt/mesos/sandbox\n');
    expect(await agent.sandboxFile(taskId, 'file')).toBe('kept\n');
    await expect.poll(rootfses).toEqual([]);
  });

  it('runs what the image says where the task says nothing', async () => {
    expect((await run({ shell: false })).output).toBe('by default\n');
    expect((await run({ shell: false, arguments: ['with', 'arguments'] })).output).toBe('with arguments\n');
  });

  it('fails with the reason when there is no such image', async () => {
    const { status } = await run({ value: 'true' }, withImage('lib/none:7'));
    expect(status).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: `Failed to launch container: http://${registry.host} does not have the manifest of lib/none:7`,
    });
  });

  it('checks a task from within, and runs commands in it', async () => {
    const check = { type: 'COMMAND', command: { value: 'test "$FROM" = image && test -e up' } } as const;
    const pace = { delay_seconds: 0, interval_seconds: 0.05, grace_period_seconds: 30 };
    const taskId = await agent.launch('touch up; sleep 60', {
      container: withImage(),
      health_check: { ...check, ...pace },
    });
    const { status } = await agent.cluster.report(
      (report) => report.taskId === taskId && report.status.healthy === true,
    );
    const parent = status.container_status?.container_id;
    const session = {
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: {
        container_id: { value: randomUUID(), parent },
        command: { value: 'pwd; echo $FROM; ls /proc/1/root/bin/busybox' },
      },
    };
    const answer = await fetch(`http://127.0.0.1:${agent.agent.port}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(session),
    });
    const shown = [...(await answer.text()).matchAll(/"data":"([^"]+)"/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString(),
    );
    expect(shown.join('')).toBe('/mnt/mesos/sandbox\nimage\n/proc/1/root/bin/busybox\n');
    await agent.cluster.kill('S0', taskId);
    await agent.cluster.reported(taskId, 'TASK_KILLED');
  });

  it('is found again by the next agent, and ends as it would have', async () => {
    const taskId = await agent.launch('echo up; while [ ! -e go ]; do sleep 0.05; done; echo $FROM; exit 5', {
      container: withImage(),
    });
    const { status } = await agent.cluster.reported(taskId, 'TASK_RUNNING');
    const id = status.container_status?.container_id?.value ?? '';
    await agent.down();
    await agent.up();
    expect(rootfses()).toEqual([id]);
    const sandbox = join(agent.workDir, `slaves/S0/frameworks/F/executors/${taskId}/runs/${id}`);
    await writeFile(join(sandbox, 'go'), '');
    expect((await agent.cluster.ended(taskId)).status).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 5',
    });
    expect(readFileSync(join(sandbox, 'stdout'), 'utf8')).toBe('up\nimage\n');
    await expect.poll(rootfses).toEqual([]);
  });

  it('runs tasks of a group, each with an image of its own or none', async () => {
    const { command: _none, ...custom }: ExecutorInfo = executorInfo({ executor_id: { value: 'pod' } });
    const executor: ExecutorInfo = { ...custom, type: 'DEFAULT', resources: scalars(0.1, 32) };
    const task = (id: string, value: string, more: Partial<TaskInfo>): TaskInfo =>
      taskInfo({ task_id: { value: id }, command: { value }, resources: scalars(0.1, 16), executor, ...more });
    const shared = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'shared' } } as const;
    const volumes = [{ container_path: 'data', mode: 'RW', source: shared } as const];
    const tasks = [
      task('imaged', 'echo $FROM > data/word', { container: withImage('lib/box:1', { volumes }) }),
      task('plain', 'until [ -s data/word ]; do sleep 0.02; done; cat data/word; test -d /proc', {
        container: { type: 'MESOS', volumes },
      }),
    ];
    const at = { agentId: 'S0', frameworkId: 'F', framework: frameworkInfo(), role: 'dev', traceId: 'a'.repeat(32) };
    await agent.cluster.launchGroup('S0', { ...at, executor, taskGroup: { tasks } });
    const ends = await Promise.all(['imaged', 'plain'].map((id) => agent.cluster.ended(id)));
    expect(ends.map(({ status }) => status.state)).toEqual(['TASK_FINISHED', 'TASK_FINISHED']);
    const url = '/files/download?path=/frameworks/F/executors/pod/runs/latest/tasks/plain/stdout';
    expect(await (await agent.get(url)).text()).toBe('image\n');
  });

  it('shows images as volumes, beside an image or the files of the host, each with changes of its own', async () => {
    const image = { type: 'DOCKER', docker: { name: 'lib/box:1' } } as const;
    const volumes = [
      { container_path: 'box', mode: 'RW', image } as const,
      { container_path: 'fixed', mode: 'RO', image } as const,
    ];
    const command =
      'ls box/bin/cat fixed/bin/cat; echo x > box/new && ls box/new fixed; touch fixed/new || echo read-only';
    const expected = /box\/bin\/cat\nfixed\/bin\/cat\nbox\/new\n\nfixed:\nbin\netc\ntmp\nread-only\n$/;
    const plain = await run({ value: command }, { type: 'MESOS', volumes });
    expect(plain.output).toMatch(expected);
    const both = await run({ value: command }, withImage('lib/box:1', { volumes }));
    expect(both.output).toMatch(expected);
    const absolute = [{ container_path: '/opt/box', mode: 'RO', image } as const];
    expect((await run({ value: 'ls /opt/box/bin/cat' }, withImage('lib/box:1', { volumes: absolute }))).output).toBe(
      '/opt/box/bin/cat\n',
    );
    await expect.poll(rootfses).toEqual([]);
  });

  it('lists images, and removes those that nothing uses', async () => {
    const taskId = await agent.launch('sleep 60', { container: withImage() });
    await agent.cluster.reported(taskId, 'TASK_RUNNING');
    builder.layer((root) => writeFileSync(join(root, 'etc/idle'), 'idle')).push(`${registry.host}/lib/idle:1`);
    await run({ value: 'true' }, withImage('lib/idle:1'));
    const names = async () =>
      ((await (await agent.get('/v1/images')).json()) as { items: { name: string; containers: number }[] }).items;
    expect(await names()).toMatchObject([
      { name: 'lib/box:1', containers: 1, layers: 1, agentId: 'S0', sizeBytes: expect.any(Number) },
      { name: 'lib/idle:1', containers: 0, layers: 2 },
    ]);
    const post = async (path: string, body: object) =>
      (
        await fetch(`http://127.0.0.1:${agent.agent.port}${path}`, {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
        })
      ).text();
    const pruned = { agentId: 'S0', images: ['lib/idle:1'], layers: 1, unused: 0 };
    expect(JSON.parse(await post('/v1/images:prune?dryRun=true', { unused: true }))).toMatchObject(pruned);
    expect(JSON.parse(await post('/v1/images:prune', {}))).toMatchObject({ images: [], layers: 0, unused: 1 });
    expect(JSON.parse(await post('/v1/images:prune', { unused: true, excludedImages: ['lib/idle:1'] }))).toMatchObject({
      ...{ images: [], unused: 1 },
    });
    expect(JSON.parse(await post('/v1/images:prune', { excludedImages: ['Not One'] }))).toMatchObject({
      code: 'image.bad_name',
    });
    const excluded = { type: 'DOCKER', docker: { name: 'lib/idle:1' } };
    expect(await post('/api/v1', { type: 'PRUNE_IMAGES', prune_images: { excluded_images: [excluded] } })).toBe('');
    expect(await names()).toHaveLength(2);
    expect(await post('/api/v1', { type: 'PRUNE_IMAGES' })).toBe('');
    expect((await names()).map(({ name }) => name)).toEqual(['lib/box:1']);
    await agent.cluster.kill('S0', taskId);
    await agent.cluster.reported(taskId, 'TASK_KILLED');
    await run({ value: 'true' }, withImage('lib/idle:1'));
  });

  it('shows the figures of images', async () => {
    await run({ value: 'true' });
    await run({ value: 'true' }, withImage('lib/none:8'));
    const metrics = await (await agent.get('/metrics')).text();
    expect(Number(/^tranche_image_cache_bytes(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(100_000);
    expect(metrics).toMatch(/^tranche_image_pull_duration_seconds_count\{[^}]*outcome="failed"[^}]*\} 1$/m);
  });

  describe('from a slow registry', () => {
    let slow: Server;

    beforeAll(async () => {
      const before = `http://${registry.host}`;
      const relay = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
        const answer = await fetch(`${before}${from.url}`, { headers: { accept: from.headers.accept ?? '*/*' } });
        const body = Buffer.from(await answer.arrayBuffer());
        to.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        if (body.length < 100_000) to.end(body);
        else to.write(body.subarray(0, body.length / 2));
      };
      slow = createServer((from, to) => void relay(from, to));
      await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
      // A layer that is not there yet, and that no compression makes small.
      builder
        .layer((root) => writeFileSync(join(root, 'etc/more'), randomBytes(500_000)))
        .push(`${registry.host}/lib/big:1`);
    });
    afterAll(() => {
      slow.closeAllConnections();
      slow.close();
    });

    it('tells how far the pull is, and gives it up with a kill', async () => {
      const name = `127.0.0.1:${(slow.address() as AddressInfo).port}/lib/big:1`;
      const taskId = await agent.launch('true', { container: withImage(name) });
      const detail = await agent.cluster.detail((one) => one.taskId === taskId && (one.progress?.percent ?? 0) > 30);
      expect(detail.progress).toMatchObject({ step: 'pulling', totalBytes: expect.any(Number) });
      expect(detail.progress?.doneBytes).toBeLessThan(detail.progress?.totalBytes ?? 0);
      await agent.cluster.kill('S0', taskId);
      expect((await agent.cluster.ended(taskId)).status).toMatchObject({
        ...{ state: 'TASK_KILLED', reason: 'REASON_TASK_KILLED_DURING_LAUNCH' },
      });
      await expect.poll(() => readdirSync(join(agent.workDir, 'images/pulling'))).toEqual([]);
    });
  });

  it('says that plain processes cannot have one', async () => {
    const plain = await RootAgent.start('plain', { containerizer: 'process' });
    try {
      const taskId = await plain.launch('true', { container: withImage() });
      expect((await plain.cluster.ended(taskId)).status.message).toMatch(
        /^Failed to launch container: container images need the isolator filesystem\/linux, this agent has filesystem\/posix, /,
      );
      expect(existsSync(join(plain.workDir, 'images/pulling'))).toBe(true);
    } finally {
      await plain.remove();
    }
  });
});
