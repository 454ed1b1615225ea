import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amounts, RootAgent } from '../testing/root-agent.js';

/** The whole agent: real containers, the fetcher's process with the rights of the task's user. */
describe('a task with URIs', () => {
  let agent: RootAgent;
  let folder: string;
  let server: Server;
  let base: string;
  /** Answers that are held back. */
  const held: ServerResponse[] = [];
  let askedToHold = Promise.withResolvers<void>();

  beforeAll(async () => {
    agent = await RootAgent.start('fetch');
    folder = mkdtempSync(join(tmpdir(), 'uris-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\necho "run by $(id -un)"\n');
    writeFileSync(join(folder, 'secret'), 'only for root', { mode: 0o600 });
    execFileSync('tar', ['-czf', 'app.tar.gz', 'run.sh'], { cwd: folder });
    server = createServer((asked, answer) => {
      if (asked.url !== '/held') return void answer.end('from the server');
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('x'.repeat(61));
      held.push(answer);
      askedToHold.resolve();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await agent.remove();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('finds them in its sandbox, unpacked, as its own', async () => {
    const task = await agent.launch('', {
      command: {
        value: 'sh ./run.sh; cat page; ls',
        user: 'nobody',
        uris: [{ value: join(folder, 'app.tar.gz'), cache: true }, { value: `${base}/page` }],
      },
    });
    await agent.cluster.reported(task, 'TASK_FINISHED');
    const output = await agent.sandboxFile(task, 'stdout');
    expect(output).toContain('run by nobody\nfrom the server');
    // From the cache, an archive is unpacked without a copy of it.
    expect(output).not.toContain('app.tar.gz');
  });

  it('gets no file that its user may not read', async () => {
    const secret = join(folder, 'secret');
    const uris = [{ value: secret }];
    const task = await agent.launch('', { command: { value: 'cat secret', user: 'nobody', uris } });
    const { status } = await agent.cluster.reported(task, 'TASK_FAILED');
    expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(status.message).toMatch(
      /^Failed to launch container: Failed to fetch all URIs for container '[0-9a-f-]{36}': /,
    );
    expect(status.message).toContain(`'${secret}': the task's user may not read it`);
    const allowed = await agent.launch('', { command: { value: 'cat secret', user: 'root', uris } });
    await agent.cluster.reported(allowed, 'TASK_FINISHED');
    expect(await agent.sandboxFile(allowed, 'stdout')).toBe('only for root');
  });

  it('keeps its cached files where only its user can change them', async () => {
    const cache = join(agent.workDir, 'fetch', 'nobody');
    expect(readdirSync(cache)).toHaveLength(1);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(statSync(cache).uid).not.toBe(0);
  });

  it('does not keep others from starting while it waits, and can be killed meanwhile', async () => {
    askedToHold = Promise.withResolvers();
    const waiting = await Promise.all(
      Array.from({ length: 8 }, () =>
        agent.launch('', { command: { value: 'true', uris: [{ value: `${base}/held` }] }, resources: amounts({}) }),
      ),
    );
    await askedToHold.promise;
    const other = await agent.launch('true', { resources: amounts({}) });
    await agent.cluster.reported(other, 'TASK_FINISHED');
    for (const task of waiting) {
      expect(agent.cluster.states(task)).toEqual(['TASK_STARTING']);
      await agent.cluster.kill('S0', task);
      const { status } = await agent.cluster.reported(task, 'TASK_KILLED');
      expect(status.reason).toBe('REASON_TASK_KILLED_DURING_LAUNCH');
    }
    await agent.cluster.detail((detail) => detail.progress?.step === 'fetching');
  });

  it('is dropped when the agent ends meanwhile, as every task that is being launched', async () => {
    askedToHold = Promise.withResolvers();
    const task = await agent.launch('', { command: { value: 'true', uris: [{ value: `${base}/held` }] } });
    await askedToHold.promise;
    await agent.down();
    await agent.up();
    const { status } = await agent.cluster.reported(task, 'TASK_LOST');
    expect(status.reason).toBe('REASON_AGENT_RESTARTED');
    expect(readdirSync(join(agent.workDir, 'run', 'containers'))).toEqual([]);
  });
});
