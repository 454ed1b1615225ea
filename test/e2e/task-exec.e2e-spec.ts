import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

type Line = Readonly<Record<string, string | number>>;

/** A command that runs, and what it has written so far. */
class Session {
  readonly lines: Line[] = [];
  stdout = '';
  stderr = '';
  /** It has ended, and the answer with it. */
  readonly over: Promise<void>;
  private readonly gone = new AbortController();

  constructor(
    answer: Response,
    private readonly body = answer.body,
  ) {
    this.over = this.read();
    this.over.catch(() => undefined);
  }

  get id(): string {
    return String(this.lines[0]?.['session'] ?? '');
  }

  leave(): void {
    this.gone.abort();
  }

  private async read(): Promise<void> {
    let rest = '';
    const chunks = this.body?.pipeThrough(new TextDecoderStream(), { signal: this.gone.signal });
    for await (const chunk of chunks ?? []) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) this.take(JSON.parse(text) as Line);
    }
  }

  private take(line: Line): void {
    this.lines.push(line);
    const text = (name: string): string => Buffer.from(String(line[name] ?? ''), 'base64').toString();
    this.stdout += text('stdout');
    this.stderr += text('stderr');
  }
}

describe('POST /v1/tasks/ID/exec', () => {
  let cluster: LocalCluster;
  let task: { readonly id: string; readonly agentId: string; readonly containerId: string };
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1');
    await cluster.tranche('run', '--name', 'host', '--cpus', '0.1', '--mem', '64m', '--detach', '--', 'sleep 600');
    await cluster.tranche('wait', 'host', '--for', 'running');
    const { items } = await cluster.get<{ items: (typeof task)[] }>('/v1/tasks?name=host&live=true');
    task = items[0] as typeof task;
  });
  afterAll(() => cluster.stop());

  const send = (path: string, body: unknown, type = 'application/json'): Promise<Response> =>
    fetch(`${cluster.url}/v1/tasks/${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: type === 'application/json' ? JSON.stringify(body) : (body as string),
    });
  async function exec(body: object): Promise<Session> {
    const answer = await send(`${task.id}/exec`, body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const session = new Session(answer);
    await expect.poll(() => session.id).not.toBe('');
    return session;
  }
  const tell = async (session: Session, verb: string, body: unknown, type?: string): Promise<number> =>
    (await send(`${task.id}/exec/${session.id}:${verb}`, body, type)).status;
  const type = (session: Session, text: string, query = ''): Promise<number> =>
    tell(session, `input${query}`, text, 'application/octet-stream');

  it('answers what the command writes, and its exit code', async () => {
    const session = await exec({ command: 'echo out; echo err >&2; echo $COLOR; exit 3', env: { COLOR: 'blue' } });
    await session.over;
    expect([session.stdout, session.stderr, session.lines.at(-1)]).toEqual(['out\nblue\n', 'err\n', { exitCode: 3 }]);
  });

  it('passes input on as it comes, in order, to its end', async () => {
    const session = await exec({ command: ['cat'] });
    for (const line of ['one\n', 'two\n']) {
      expect(await type(session, line)).toBe(204);
      await expect.poll(() => session.stdout).toContain(line);
    }
    expect(await type(session, 'three\n', '?end')).toBe(204);
    await session.over;
    expect([session.stdout, session.lines.at(-1)]).toEqual(['one\ntwo\nthree\n', { exitCode: 0 }]);
  });

  it('gives it a terminal, whose size can change', async () => {
    const session = await exec({ command: 'while read line; do stty size; done', tty: { rows: 24, columns: 80 } });
    await type(session, '\n');
    await expect.poll(() => session.stdout).toContain('24 80');
    expect(await tell(session, 'resize', { rows: 50, columns: 132 })).toBe(204);
    await type(session, '\n');
    await expect.poll(() => session.stdout).toContain('50 132');
    // Ctrl-D.
    await type(session, '\u0004');
    await session.over;
    expect(session.lines.at(-1)).toEqual({ exitCode: expect.any(Number) });
  });

  it('sends signals, and tells as a shell does of which one it died', async () => {
    const session = await exec({ command: 'echo begun; exec sleep 600' });
    // Before that the way into the container may take the signal.
    await expect.poll(() => session.stdout).toBe('begun\n');
    expect(await tell(session, 'signal', { signal: 15 })).toBe(204);
    await session.over;
    expect(session.lines.at(-1)).toEqual({ exitCode: 143 });
  });

  it('ends the command when its client goes away', async () => {
    const session = await exec({ command: 'echo begun; exec sleep 4711' });
    await expect.poll(() => session.stdout).toBe('begun\n');
    const sleeps = async (): Promise<number> => {
      const seen = await exec({ command: "ps ax -o args | grep -c '^sleep 4711$'" });
      await seen.over;
      return Number(seen.stdout);
    };
    expect(await sleeps()).toBe(1);
    session.leave();
    await expect.poll(sleeps, { timeout: 10_000 }).toBe(0);
  });

  it('says what is wrong with a request, of the task and of the session', async () => {
    const refused = async (path: string, body: unknown) => {
      const answer = await send(path, body);
      return { status: answer.status, ...((await answer.json()) as { code: string }) };
    };
    expect(await refused(`${task.id}/exec`, { command: [] })).toMatchObject({ status: 400, code: 'request.malformed' });
    expect(await refused(`${task.id}/exec?x=1`, { command: 'a' })).toMatchObject({ status: 400 });
    expect(await refused('nobody/exec', { command: 'a' })).toMatchObject({ status: 404, code: 'task.unknown' });
    expect(await refused(`${task.id}/exec/nobody:input`, '')).toMatchObject({ status: 404, code: 'session.unknown' });
    expect(await refused(`${task.id}/exec/nobody:shout`, {})).toMatchObject({ status: 404, code: 'path.not_found' });
    expect(await refused(`${task.id}/exec/s:resize?end`, { rows: 1, columns: 1 })).toMatchObject({ status: 400 });
    await cluster.tranche('run', '--name', 'done', '--cpus', '0.1', '--mem', '32m', '--', 'true');
    const { items } = await cluster.get<{ items: { id: string }[] }>('/v1/tasks?name=done');
    expect(await refused(`${items[0]?.id}/exec`, { command: 'a' })).toMatchObject({
      status: 409,
      code: 'task.not_running',
    });
  });
});
