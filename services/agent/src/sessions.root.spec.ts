import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { encodeRecord, RecordDecoder } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RootAgent } from './testing/root-agent.js';

interface Id {
  readonly value: string;
  readonly parent?: Id;
}
interface Piece {
  readonly type: string;
  readonly data?: { readonly type: string; readonly data: string };
}

describe('sessions in a real container', () => {
  let agent: RootAgent;
  let parent: Id;

  beforeAll(async () => {
    agent = await RootAgent.start('sessions');
    const task = await agent.launch('export SECRET=1; echo up; sleep 600');
    const { status } = await agent.cluster.reported(task, 'TASK_RUNNING');
    parent = { value: status.container_status?.container_id?.value ?? '' };
  });
  afterAll(() => agent.remove());

  const url = (): string => `http://127.0.0.1:${agent.agent.port}/api/v1`;
  const call = (body: object): Promise<Response> =>
    fetch(url(), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const launch = async (command: object, id: Id, signal?: AbortSignal): Promise<Response> =>
    fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'LAUNCH_NESTED_CONTAINER_SESSION',
        launch_nested_container_session: { container_id: id, command },
      }),
      ...(signal === undefined ? {} : { signal }),
    });
  const newId = (): Id => ({ value: randomUUID(), parent });
  const outputOf = async (answer: Response): Promise<Record<string, string>> => {
    const output: Record<string, string> = { STDOUT: '', STDERR: '' };
    const records = new RecordDecoder().push(Buffer.from(await answer.arrayBuffer()));
    for (const record of records) {
      const { data } = JSON.parse(record.toString()) as Piece;
      if (data !== undefined) output[data.type] += Buffer.from(data.data, 'base64').toString();
    }
    return output;
  };
  const wait = async (id: Id): Promise<unknown> => {
    const answer = await call({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: id } });
    return ((await answer.json()) as { wait_nested_container: unknown }).wait_nested_container;
  };
  /** Sends input; `rest` are the records after the first. */
  const attach = (id: Id, pieces: readonly string[]): Promise<[number | undefined, string]> =>
    new Promise((resolve, reject) => {
      const sent = request(
        url(),
        {
          method: 'POST',
          headers: { 'content-type': 'application/recordio', 'message-content-type': 'application/json' },
        },
        (answer) => void text(answer).then((body) => resolve([answer.statusCode, body]), reject),
      );
      sent.on('error', reject);
      const send = (member: object): void =>
        void sent.write(
          encodeRecord(JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member })),
        );
      send({ type: 'CONTAINER_ID', container_id: id });
      for (const piece of pieces) {
        const data = { type: 'STDIN', data: Buffer.from(piece).toString('base64') };
        send({ type: 'PROCESS_IO', process_io: { type: 'DATA', data } });
      }
      sent.end();
    });

  it('run a command beside the task, and keep its output apart and its exit status', async () => {
    const id = newId();
    const answer = await launch({ value: 'echo out; echo err >&2; pwd; exit 7' }, id);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const { STDOUT = '', STDERR } = await outputOf(answer);
    expect(STDOUT.split('\n')).toEqual(['out', expect.stringContaining('runs/'), '']);
    expect(STDERR).toBe('err\n');
    expect(await wait(id)).toEqual({ exit_status: 7 << 8 });
  });

  it('read what the client sends, to its end', async () => {
    const id = newId();
    const answer = await launch({ value: 'sort; echo over' }, id);
    expect(await attach(id, ['b\n', 'a\n', ''])).toEqual([200, '']);
    expect((await outputOf(answer))['STDOUT']).toBe('a\nb\nover\n');
    expect(await wait(id)).toEqual({ exit_status: 0 });
  });

  it('carry bytes as they are, more than any buffer between holds', async () => {
    const answer = await launch({ value: 'head -c 3000000 /dev/zero | tr "\\\\0" x' }, newId());
    expect((await outputOf(answer))['STDOUT']).toBe('x'.repeat(3_000_000));
  });

  it('end with their connection, and everything that they have started', async () => {
    const gone = new AbortController();
    const id = newId();
    const answer = await launch({ value: 'echo $$; sleep 30017 & sleep 30017' }, id, gone.signal);
    await answer.body?.getReader().read();
    gone.abort();
    expect(await wait(id)).toEqual({ exit_status: 9 });
    const left = await outputOf(await launch({ value: 'cat /proc/[0-9]*/cmdline | tr "\\\\0" " "' }, newId()));
    expect(left['STDOUT']).not.toContain('sleep 30017');
  });

  it('can be killed, and removed once they are over', async () => {
    const id = newId();
    const answer = await launch({ value: 'echo go; sleep 300' }, id);
    const member = { container_id: id };
    const remove = (): Promise<Response> => call({ type: 'REMOVE_CONTAINER', remove_container: member });
    const early = await remove();
    expect([early.status, await early.text()]).toEqual([500, 'Nested container has not terminated yet']);
    expect((await call({ type: 'KILL_CONTAINER', kill_container: member })).status).toBe(200);
    await answer.arrayBuffer();
    expect(await wait(id)).toEqual({ exit_status: 9 });
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 200]);
  });

  it('find what they have asked for in a sandbox of their own, which goes when they are removed', async () => {
    const source = join(agent.workDir, 'to-fetch');
    await writeFile(source, 'fetched');
    await chmod(source, 0o644);
    const id = newId();
    const uris = [{ value: source, output_file: 'got/it' }];
    const answer = await launch({ value: `cat containers/${id.value}/got/it; pwd`, uris }, id);
    const { STDOUT = '' } = await outputOf(answer);
    expect(STDOUT).toMatch(/^fetched\//);
    const sandbox = join(STDOUT.slice('fetched'.length).trim(), 'containers', id.value);
    expect(await readFile(join(sandbox, 'stderr'), 'utf8')).toContain(`Fetched '${source}'`);
    expect((await call({ type: 'REMOVE_CONTAINER', remove_container: { container_id: id } })).status).toBe(200);
    expect(existsSync(sandbox)).toBe(false);
    const missing = await launch({ value: 'true', uris: [{ value: '/no/such/file' }] }, id);
    expect([missing.status, await missing.text()]).toEqual([
      400,
      expect.stringMatching(/^Failed to launch container: Failed to fetch all URIs for container .*\/no\/such\/file/),
    ]);
    expect(existsSync(sandbox)).toBe(false);
    expect((await launch({ value: 'true' }, id)).status).toBe(200);
  });

  it('are refused where there is nothing to run in, or more is asked than there is', async () => {
    const nowhere = { value: 's', parent: { value: 'nope' } };
    const unknown = await launch({ value: 'true' }, nowhere);
    expect([unknown.status, await unknown.text()]).toEqual([400, 'Parent container nope does not exist']);
    const waited = await call({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: nowhere } });
    expect([waited.status, await waited.text()]).toEqual([404, 'Container nope.s cannot be found']);
    const killed = await call({ type: 'KILL_CONTAINER', kill_container: { container_id: { value: 'nope' } } });
    expect([killed.status, await killed.text()]).toEqual([
      404,
      "Container 'nope' cannot be found (or is already killed)",
    ]);
    expect(await attach(nowhere, ['x'])).toEqual([404, 'Container nope.s cannot be found']);
  });
});
