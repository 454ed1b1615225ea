import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { configWith } from '@tranche/config';
import { encodeRecord } from '@tranche/mesos-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentOptions } from '../../agent.config.js';
import type { InsideEnd } from '../../containerizer/inside/inside-command.js';
import type { WindowSize } from '../../containerizer/terminal/terminal.js';
import { type RunningAgent, startAgent } from '../../start-agent.js';
import { FakeContainerizer } from '../../testing/fake-containerizer.js';
import { FakeControlPlane } from '../../testing/fake-control-plane.js';
import { launchOf } from '../../testing/task-world.js';

type Answer = readonly [status: number | undefined, body: string];
const TAKEN = [409, 'Multiple input connections are not allowed'];
const typed = (bytes: string): object => ({
  type: 'DATA',
  data: { type: 'STDIN', data: Buffer.from(bytes).toString('base64') },
});
const resized = (window_size: WindowSize): object => ({
  type: 'CONTROL',
  control: { type: 'TTY_INFO', tty_info: { window_size } },
});

/** A command on a terminal that reads when it is told to. */
class Command {
  readonly sizes: WindowSize[] = [];
  readonly ended = Promise.withResolvers<InsideEnd>();
  readonly output = new PassThrough();
  read = '';
  private readonly waiting: (() => void)[] = [];
  private isReading = false;
  readonly stdin = new Writable({
    write: (chunk: Buffer, _, taken) => {
      const take = (): void => {
        this.read += chunk.toString();
        taken();
      };
      if (this.isReading) take();
      else this.waiting.push(take);
    },
  });

  readAll(): void {
    this.isReading = true;
    for (const take of this.waiting.splice(0)) take();
  }

  end(): void {
    this.output.end();
    this.ended.resolve({ exitCode: 0, hasTimedOut: false, output: '' });
  }
}

describe('a session', () => {
  let workDir: string;
  let agent: RunningAgent;
  let command: Command;
  let id: object;

  beforeEach(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'agent-'));
    const cluster = new FakeControlPlane();
    const containerizer = new FakeContainerizer();
    command = new Command();
    containerizer.inside = (_, { take }) => {
      const stderr = new PassThrough();
      stderr.end();
      const resize = async (window: WindowSize): Promise<void> => void command.sizes.push(window);
      take?.({ stdin: command.stdin, stdout: command.output, stderr, resize, signal: () => undefined });
      return command.ended.promise;
    };
    const config = configWith(agentOptions, { workDir, httpPort: 0, switchUser: false, resources: 'cpus:4' });
    agent = await startAgent({ config, host: cluster.host(), containerizer });
    await cluster.launch(agent.agentId, launchOf());
    const { status } = await cluster.reported('t1', 'TASK_RUNNING');
    id = { value: 's1', parent: status.container_status?.container_id };
  });
  afterEach(async () => {
    command.end();
    await agent.stop({ killTasks: false });
    await rm(workDir, { recursive: true });
  });

  const url = (): string => `http://127.0.0.1:${agent.port}/api/v1`;
  const launch = (asked: object): Promise<Response> =>
    fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'LAUNCH_NESTED_CONTAINER_SESSION',
        launch_nested_container_session: {
          ...{ container_id: id, command: { value: 'cat' } },
          container: { type: 'MESOS', tty_info: { window_size: { rows: 1, columns: 1 } } },
          ...asked,
        },
      }),
    });

  /** A call with these records after the first; it ends with them. */
  const attach = (...ios: readonly object[]): { readonly sent: ClientRequest; readonly answer: Promise<Answer> } => {
    const headers = { 'content-type': 'application/recordio', 'message-content-type': 'application/json' };
    const sent = request(url(), { method: 'POST', headers });
    const answer = new Promise<Answer>((resolve, reject) => {
      sent.on('response', (found) => void text(found).then((body) => resolve([found.statusCode, body]), reject));
      sent.on('error', reject);
    });
    answer.catch(() => undefined);
    const members = [
      { type: 'CONTAINER_ID', container_id: id },
      ...ios.map((process_io) => ({ type: 'PROCESS_IO', process_io })),
    ];
    const calls = members.map((attach_container_input) => ({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input }));
    sent.end(Buffer.concat(calls.map((call) => encodeRecord(JSON.stringify(call)))));
    return { sent, answer };
  };
  /** Something that the command has not read yet. */
  const pending = async (): Promise<ReturnType<typeof attach>> => {
    const input = attach(typed('a'));
    await expect.poll(() => command.stdin.writableLength).toBe(1);
    return input;
  };

  it('is not begun with a secret that nobody can resolve', async () => {
    const variable = (secret: object): object => ({ name: 'KEY', type: 'SECRET', secret });
    const withSecret = (secret: object): Promise<Response> =>
      launch({ command: { value: 'cat', environment: { variables: [variable(secret)] } } });
    const refused = await withSecret({ type: 'REFERENCE', reference: { name: 'vault/key' } });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toBe(
      'This version of the agent does not support secrets by reference in the environment',
    );
    const value = { data: Buffer.from('s3cret').toString('base64') };
    expect((await withSecret({ type: 'VALUE', value })).status).toBe(200);
  });

  it('is written to by one at a time', async () => {
    await launch({});
    const first = await pending();
    expect(await attach(typed('b')).answer).toEqual(TAKEN);
    command.readAll();
    expect(await first.answer).toEqual([200, '']);
    expect(await attach(typed('c')).answer).toEqual([200, '']);
    expect(command.read).toBe('ac');
  });

  it('is told the size of its terminal while its input waits', async () => {
    await launch({});
    const first = await pending();
    expect(await attach(resized({ rows: 50, columns: 132 })).answer).toEqual([200, '']);
    expect(command.sizes).toEqual([{ rows: 50, columns: 132 }]);
    expect(await attach(resized({ rows: 2, columns: 2 }), typed('b')).answer).toEqual(TAKEN);
    command.readAll();
    expect(await first.answer).toEqual([200, '']);
    expect(command.read).toBe('a');
  });

  it('is written to by the next when a client goes away whose input waits', async () => {
    await launch({});
    const first = await pending();
    first.sent.destroy();
    await expect(first.answer).rejects.toThrow('socket hang up');
    // Nothing is nothing to a terminal: it is taken as soon as anybody's input is.
    await expect.poll(() => attach(typed('')).answer).toEqual([200, '']);
    const next = attach(typed('b'));
    await expect.poll(() => command.stdin.writableLength).toBe(2);
    command.readAll();
    expect(await next.answer).toEqual([200, '']);
    expect(command.read).toBe('ab');
  });
});
