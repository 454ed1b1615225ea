import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorizationOf } from '@tranche/http';
import type { TaskStatus } from '@tranche/mesos-api';
import { commandTask, Scheduler, takeResources } from '@tranche/scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, type Finished, LocalCluster, start, startAndFail } from './local-cluster.js';

const OPS = { principal: 'ops', secret: 's3cret' };
const DEV = { principal: 'dev', secret: 'pw' };
/** `ops` may do everything, `dev` only what is of role eng or of user nobody. */
const ofDev = (objects: string, values: readonly string[]): object[] => [
  { principals: { values: ['ops'] }, [objects]: { type: 'ANY' } },
  { principals: { values: ['dev'] }, [objects]: { values } },
  { principals: { type: 'ANY' }, [objects]: { type: 'NONE' } },
];
const OF_ROLES = ['register_frameworks', 'update_quotas', 'get_quotas', 'view_roles'];
const OF_USERS = [
  ...['run_tasks', 'view_frameworks', 'view_tasks', 'view_executors', 'access_sandboxes', 'view_containers'],
  ...['launch_nested_container_sessions_as_user', 'launch_nested_container_sessions_under_parent_with_user'],
  ...['attach_containers_output', 'attach_containers_input', 'kill_nested_containers'],
];
const ACLS = {
  ...Object.fromEntries(OF_ROLES.map((action) => [action, ofDev('roles', ['eng', 'eng/%'])])),
  ...Object.fromEntries(OF_USERS.map((action) => [action, ofDev('users', ['nobody'])])),
  drain_agents: ofDev('agents', []).toSpliced(1, 1),
  view_flags: ofDev('flags', []).toSpliced(1, 1),
  access_mesos_logs: ofDev('logs', []).toSpliced(1, 1),
  get_endpoints: ofDev('paths', ['/metrics/snapshot']),
};

/** A framework's tasks, launched one each, and what is told of them. It leaves, and they run on. */
async function run(
  url: string,
  who: typeof OPS,
  { role, user, tasks }: { role: string; user: string; tasks: readonly { id: string; user?: string }[] },
): Promise<TaskStatus[]> {
  const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }];
  const framework = { user, name: `${who.principal}-${role}`, roles: [role], capabilities, failover_timeout: 600 };
  const scheduler = new Scheduler({ url, credential: who, framework, firstPatienceMs: 0 });
  const statuses: TaskStatus[] = [];
  const left = [...tasks];
  for await (const event of scheduler) {
    if (event.type === 'update') statuses.push(event.status);
    const told = new Set(statuses.filter(({ state }) => state !== 'TASK_STARTING').map(({ task_id }) => task_id.value));
    if (told.size === tasks.length) break;
    if (event.type !== 'offers') continue;
    for (const offer of event.offers) {
      const task = left.shift();
      const taken = takeResources(offer.resources ?? [], { cpus: 0.1, memMb: 32 });
      if (task === undefined || !taken.ok) continue;
      const command = { id: task.id, command: `echo ${task.id}; sleep 600`, cpus: 0.1, memMb: 32 };
      const info = commandTask(command, { agentId: offer.agent_id.value, resources: taken.taken });
      const runAs = task.user === undefined ? {} : { user: task.user };
      await scheduler.launch(offer, [{ ...info, command: { ...info.command, ...runAs } }]);
    }
  }
  return statuses;
}

describe('a cluster with ACLs', () => {
  let folder: string;
  let cluster: LocalCluster;
  const write = (name: string, content: object): string => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-acls-'));
    const files = ['--credentials', write('credentials', { credentials: [DEV, OPS] }), '--acls', write('acls', ACLS)];
    cluster = await LocalCluster.start('--agents', '1', '--resources', 'cpus:4;mem:4096', ...files);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  const cli = ({ principal, secret }: typeof OPS, ...args: string[]): Promise<Finished> => {
    const env = { TRANCHE_USER: principal, TRANCHE_PASSWORD: secret };
    return start(process.execPath, [CLI, '-u', cluster.url, ...args], env).finished;
  };
  const agentUrl = (): string => `http://127.0.0.1:${cluster.port + 1}`;
  const ask = (url: string, who: typeof OPS, init: RequestInit = {}): Promise<Response> =>
    fetch(url, { ...init, headers: { ...(init.headers as object), authorization: authorizationOf(who) } });

  it('has checked itself as who may do everything, though another is the first', () => {
    expect(cluster.output).toMatch(/✔ self-check {2}a task ran/);
  });

  it('lets an operator set the quotas of its role, and no others', async () => {
    expect((await cli(DEV, 'quota', 'set', 'eng', '--limit', 'cpus=2')).status).toBe(0);
    const refused = await cli(DEV, 'quota', 'set', 'web', '--limit', 'cpus=2');
    expect([refused.status, refused.stderr]).toEqual([
      4,
      expect.stringContaining('principal "dev" may not update_quotas of role "web"'),
    ]);
    expect(refused.stderr).toContain('update_quotas is permitted for the roles eng, eng/%');
    expect((await cli(OPS, 'quota', 'set', 'web', '--limit', 'cpus=2')).status).toBe(0);
    const listed = await cli(DEV, 'quota', 'ls', '--json');
    expect((JSON.parse(listed.stdout) as { items: { role: string }[] }).items.map(({ role }) => role)).toEqual(['eng']);
    expect((await cli(DEV, 'agent', 'drain', 'agent1', '--yes')).status).toBe(4);
  });

  it('asks for the permission to change before it holds If-Match against what is there', async () => {
    const change = (who: typeof OPS, method: string, path: string, ifMatch: string, body: object = {}) => {
      const init = { method, headers: { 'if-match': ifMatch, 'content-type': 'application/json' } };
      return ask(`${cluster.url}/v1/${path}`, who, {
        ...init,
        ...(method === 'PUT' && { body: JSON.stringify(body) }),
      });
    };
    expect((await change(DEV, 'PUT', 'quotas/web', '"x"', { limit: { cpus: 1 } })).status).toBe(403);
    expect((await change(OPS, 'PUT', 'quotas/web', '"x"', { limit: { cpus: 1 } })).status).toBe(412);
    // Whoever may change weights, and does not see the role.
    expect((await cli(OPS, 'weight', 'set', 'web', '2')).status).toBe(0);
    const { status, headers } = await ask(`${cluster.url}/v1/weights/web`, OPS);
    const etag = headers.get('etag') ?? '';
    expect([status, etag]).toEqual([200, expect.stringMatching(/^"\w+"$/)]);
    expect((await ask(`${cluster.url}/v1/weights/web`, DEV)).status).toBe(403);
    const stale = await change(DEV, 'DELETE', 'weights/web', '"x"');
    const told = await stale.text();
    expect([stale.status, told]).toEqual([412, expect.not.stringContaining('ops')]);
    expect((await change(DEV, 'PUT', 'weights/web', etag, { weight: 3 })).status).toBe(200);
    expect((await change(DEV, 'DELETE', 'weights/web', '*')).status).toBe(200);
  });

  it('explains roles and frameworks to who may see them', async () => {
    const of = (what: string, who: typeof OPS) => ask(`${cluster.url}/v1/explain/${what}`, who);
    const statuses = [await of('roles/eng', DEV), await of('roles/web', DEV), await of('roles/web', OPS)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 200]);
  });

  it('shows what services were started with, and their logs, to who may see those of any', async () => {
    const of = async (who: typeof OPS): Promise<number[]> => {
      const paths = ['settings?service=quota', 'services/quota/logs', 'services/quota', 'queues'];
      const answers = await Promise.all(paths.map((path) => ask(`${cluster.url}/v1/${path}`, who)));
      return answers.map(({ status }) => status);
    };
    expect([await of(DEV), await of(OPS)]).toEqual([
      [403, 403, 200, 200],
      [200, 200, 200, 200],
    ]);
    expect((await fetch(`${cluster.url}/v1/services`)).status).toBe(401);
  });

  it('tells a caller what it may do, in each service and agent', async () => {
    const { stdout } = await cli(DEV, 'config', 'whoami');
    expect(stdout).toMatch(/^Principal +dev$/m);
    expect(stdout).toMatch(/^update_quotas +roles eng, eng\/%$/m);
    expect(stdout).toMatch(/^run_tasks +users nobody$/m);
    expect(stdout).toMatch(/^drain_agents +none$/m);
    expect(stdout).toMatch(/^update_weights +all roles$/m);
    const shown = await ask(`${agentUrl()}/v1/whoami`, OPS);
    const { permissions } = (await shown.json()) as { permissions: { may: string }[] };
    expect(new Set(permissions.map(({ may }) => may))).toEqual(new Set(['all']));
    expect((await cli(DEV, 'doctor')).stdout).toMatch(/actions are not for all there is: tranche config whoami/);
  });

  it('lets a framework into its role, and run tasks as its user', async () => {
    await expect(run(cluster.url, DEV, { role: 'web', user: 'nobody', tasks: [] })).rejects.toThrow(
      /Not authorized to register framework {2}with roles \{ web \}/,
    );
    const tasks = [{ id: 'own' }, { id: 'as-root', user: 'root' }];
    const statuses = await run(cluster.url, DEV, { role: 'eng', user: 'nobody', tasks });
    expect(statuses).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ task_id: { value: 'own' }, state: 'TASK_RUNNING' }),
        expect.objectContaining({
          ...{ task_id: { value: 'as-root' }, state: 'TASK_ERROR', reason: 'REASON_TASK_UNAUTHORIZED' },
          message: "Not authorized to launch as user 'root'",
        }),
      ]),
    );
  });

  it('shows the sandbox of a task, and what is in its container, to who may see it', async () => {
    await run(cluster.url, OPS, { role: 'web', user: 'root', tasks: [{ id: 'foreign' }] });
    expect((await cli(DEV, 'logs', 'own')).stdout).toBe('own\n');
    expect((await cli(OPS, 'logs', 'foreign')).stdout).toBe('foreign\n');
    const hidden = await ask(`${cluster.url}/v1/tasks/foreign/logs`, DEV);
    expect([hidden.status, await hidden.json()]).toMatchObject([404, { code: 'task.unknown' }]);
    expect((await cli(DEV, 'task', 'describe', 'foreign')).status).toBe(3);
    const whoami = await cli(DEV, 'exec', 'own', '--', 'id', '-un');
    expect([whoami.status, whoami.stdout]).toEqual([0, 'nobody\n']);
  });

  it('holds its agents to them, too', async () => {
    const { frameworks } = (await (await ask(`${agentUrl()}/state`, DEV)).json()) as { frameworks: { user: string }[] };
    expect(frameworks.map(({ user }) => user)).toEqual(['nobody']);
    const items = async (who: typeof OPS): Promise<unknown[]> =>
      ((await (await ask(`${agentUrl()}/v1/containers`, who)).json()) as { items: { taskId: string }[] }).items
        .map(({ taskId }) => taskId)
        .toSorted();
    expect([await items(DEV), await items(OPS)]).toEqual([['own'], ['foreign', 'own']]);
    const foreign = '/v1/containers?count=true';
    const { items: all } = (await (await ask(`${agentUrl()}${foreign}`, OPS)).json()) as {
      items: { id: string; taskId: string; frameworkId: string }[];
    };
    const found = all.find(({ taskId }) => taskId === 'foreign');
    const call = {
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: {
        container_id: { value: 'spy', parent: { value: found?.id } },
        command: { value: 'id' },
      },
    };
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const body = JSON.stringify(call);
    for (const url of [`${agentUrl()}/api/v1`, `${cluster.url}/v1/agents/${await agentId()}/api/v1`]) {
      const refused = await ask(url, DEV, { method: 'POST', headers, body });
      expect([refused.status, await refused.text()]).toEqual([403, '403 Forbidden.']);
    }
    const exec = (task: string, asked: object = {}) => {
      const sent = { method: 'POST', headers, body: JSON.stringify({ command: 'id -un', ...asked }) };
      return ask(`${cluster.url}/v1/tasks/${task}/exec`, DEV, sent);
    };
    const hidden = await exec('foreign');
    expect([hidden.status, await hidden.json()]).toMatchObject([404, { code: 'task.unknown' }]);
    const refused = await exec('own', { user: 'root' });
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'auth.not_permitted' }]);
    const own = await (await exec('own')).text();
    expect(own).toContain(`{"stdout":"${Buffer.from('nobody\n').toString('base64')}"}`);
    expect(own.trimEnd().endsWith('{"exitCode":0}')).toBe(true);
    const sandbox = `/frameworks/${found?.frameworkId}/executors/foreign/runs/latest/stdout`;
    for (const path of [
      '/flags',
      '/containers',
      '/containerizer/debug',
      '/files/debug',
      `/files/read?path=${sandbox}`,
    ]) {
      expect([path, (await ask(`${agentUrl()}${path}`, DEV)).status]).toEqual([path, 403]);
      expect([path, (await ask(`${agentUrl()}${path}`, OPS)).status]).toEqual([path, 200]);
    }
    expect((await ask(`${agentUrl()}/metrics/snapshot`, DEV)).status).toBe(200);
  });

  it('does not start with ACLs that cannot be used, and says what is wrong with them', async () => {
    const bad = write('bad', {
      view_flag: [],
      view_flags: [{ principals: { type: 'ANY' }, flags: { values: ['x'] } }],
    });
    const failed = await startAndFail('--data', join(folder, 'data'), '--acls', bad);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('view_flag is no action; did you mean view_flags?');
    expect(failed.stderr).toContain('view_flags[0].flags: ACL.ViewFlags type must be either NONE or ANY');
  });

  async function agentId(): Promise<string> {
    const answer = await ask(`${cluster.url}/slaves`, OPS);
    return ((await answer.json()) as { slaves: { id: string }[] }).slaves[0]?.id ?? '';
  }
});
