import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ImageBuilder, imagesMissing, RegistryServer } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

interface TaskRow {
  readonly name: string;
  readonly state: string;
  readonly cause?: string;
  readonly agentHostname?: string;
}

const missing = imagesMissing();

describe.skipIf(missing !== undefined)(`tasks with an image${missing === undefined ? '' : ` (${missing})`}`, () => {
  let registry: RegistryServer;
  let builder: ImageBuilder;
  let cluster: LocalCluster;
  let slow: Server;
  /** Answers that have come to a stand. */
  let held: (() => void)[] = [];

  beforeAll(async () => {
    registry = await RegistryServer.start();
    builder = new ImageBuilder()
      .busybox()
      .layer()
      .config('--config.env', 'FROM=image', '--config.entrypoint', '/bin/echo', '--config.cmd', 'by default')
      .push(`${registry.host}/lib/box:1`)
      .layer((root) => writeFileSync(join(root, 'etc/more'), randomBytes(1_000_000)))
      .push(`${registry.host}/lib/big:1`);
    slow = createServer((from, to) => void relay(from, to));
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    cluster = await LocalCluster.start('--agents', '1');
  });
  afterAll(async () => {
    await cluster?.stop();
    slow?.closeAllConnections();
    slow?.close();
    builder?.remove();
    await registry?.stop();
  });

  /** Half of a layer, and the rest when that is wanted. */
  async function relay(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const answer = await fetch(`http://${registry.host}${from.url}`, {
      headers: { accept: from.headers.accept ?? '' },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    to.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    if (body.length < 100_000) return void to.end(body);
    to.write(body.subarray(0, body.length / 2));
    held.push(() => to.end(body.subarray(body.length / 2)));
  }
  const slowHost = (): string => `127.0.0.1:${(slow.address() as AddressInfo).port}`;
  const task = async (name: string): Promise<TaskRow | undefined> => {
    const { stdout } = await cluster.tranche('ps', '--all', '--json', '--max', '100');
    return (JSON.parse(stdout) as { items: TaskRow[] }).items.find((row) => row.name === name);
  };

  it('run shows what a command in the image prints, and passes on its exit status', async () => {
    const image = `docker://${registry.host}/lib/box:1`;
    const ended = await cluster.tranche(
      'run',
      '--image',
      image,
      '--',
      'echo $FROM; ls /bin | grep -c busybox; pwd; exit 3',
    );
    expect(ended).toMatchObject({ status: 3, stdout: 'image\n1\n/mnt/mesos/sandbox\n' });
  });

  it('run without a command runs what the image says', async () => {
    const ended = await cluster.tranche('run', '--image', `docker://${registry.host}/lib/box:1`);
    expect(ended).toMatchObject({ status: 0, stdout: 'by default\n' });
  });

  it('says why an image cannot be had', async () => {
    const ended = await cluster.tranche(
      'run',
      '--name',
      'none',
      '--image',
      `docker://${registry.host}/lib/none`,
      '--',
      'true',
    );
    expect(ended.status).not.toBe(0);
    expect(ended.stderr).toContain(
      `http://${registry.host} does not have the manifest of ${registry.host}/lib/none:latest`,
    );
    expect(await task('none')).toMatchObject({ state: 'TASK_FAILED', cause: 'launch failed' });
  });

  it('exec works in it, and image ls and prune know of it', async () => {
    const image = `docker://${registry.host}/lib/box:1`;
    await cluster.tranche('run', '--name', 'box', '--image', image, '--detach', '--', 'sleep 1000');
    const inside = await cluster.tranche('exec', 'box', '--', 'echo $FROM; test -d /proc/self && id -u');
    expect(inside).toMatchObject({ status: 0, stdout: 'image\n0\n' });
    const listed = JSON.parse((await cluster.tranche('image', 'ls', '--json')).stdout) as { items: object[] };
    expect(listed.items).toMatchObject([{ name: `${registry.host}/lib/box:1`, containers: 1, layers: 1 }]);
    const kept = await cluster.tranche('image', 'prune', '--unused', '--yes');
    expect(kept).toMatchObject({ status: 0, stdout: 'removed 0 images, 0 layers, 0 B\n' });
    await cluster.tranche('kill', 'box', '--yes');
    await cluster.tranche('wait', 'box', '--for', 'finished');
    const freed = async () => (await cluster.tranche('image', 'prune', '--unused', '--yes')).stdout;
    await expect.poll(freed).toContain('removed 1 image, 1 layer');
  });

  it('ps tells how far a pull is, and a cluster that was killed meanwhile begins anew', async () => {
    const image = `docker://${slowHost()}/lib/big:1`;
    const running = cluster.cli('run', '--name', 'big', '--image', image, '--', 'echo $FROM');
    await expect.poll(async () => (await task('big'))?.cause).toMatch(/^pulling [1-9]\d%$/);
    await cluster.crash();
    held = [];
    await cluster.up();
    await running.finished;
    expect((await task('big'))?.state).not.toBe('TASK_RUNNING');
    const again = cluster.cli('run', '--name', 'big2', '--image', image, '--', 'echo $FROM');
    await expect.poll(async () => (await task('big2'))?.cause).toMatch(/^pulling [1-9]\d%$/);
    for (const goOn of held) goOn();
    const ended = await again.finished;
    expect(ended).toMatchObject({ status: 0, stdout: 'image\n' });
    expect(ended.stderr).toMatch(/ big2 agent \S+ · pulling █*░* \d+ %  .* of /);
  });

  it('a container with an image outlives kill -9 of its agent', async () => {
    const image = `docker://${registry.host}/lib/box:1`;
    await cluster.tranche('run', '--name', 'kept', '--image', image, '--detach', '--', 'sleep 1000');
    await cluster.crash();
    await cluster.up();
    await expect.poll(async () => (await task('kept'))?.state).toBe('TASK_RUNNING');
    expect(await cluster.tranche('exec', 'kept', '--', 'echo $FROM')).toMatchObject({ status: 0, stdout: 'image\n' });
    await cluster.tranche('kill', 'kept', '--yes');
  });
});
