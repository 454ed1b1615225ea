import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import { AcknowledgeOperationStatusV1, ApplyOperationsV1, queueOf } from '@tranche/contracts';
import type { OfferOperation, OperationStatus, Resource, TaskInfo, Volume } from '@tranche/mesos-api';
import { InProcessBus } from '@tranche/messaging';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentOptions } from '../agent.config.js';
import { NoContainerizerError } from '../containerizer/containerizers.js';
import { type RunningAgent, startAgent } from '../start-agent.js';
import { FakeControlPlane } from '../testing/fake-control-plane.js';
import { operationRequest, reserve, scalar, volume, volumeOperation } from '../testing/operation.builder.js';
import { launchOf } from '../testing/task-world.js';

const CONTAINERIZERS = ['oci', 'bare', 'process'] as const;

/** The whole agent with real containers of each kind; only the control plane around it is played. */
describe.each(CONTAINERIZERS)('volumes of %s containers', (containerizer) => {
  const cluster = new FakeControlPlane();
  const bus = new InProcessBus(cluster.broker, 'offers');
  const cgroupsRoot = `tranche-volumes-${process.pid}-${containerizer}`;
  const isLink = containerizer === 'process';
  let workDir: string;
  let agent: RunningAgent;
  /** Why this machine has no such containers. */
  let lack: string | undefined;
  let count = 0;

  const start = (): Promise<RunningAgent> => {
    const options = { workDir, runtimeDir: join(workDir, 'run'), cgroupsRoot, containerizer };
    const config = configWith(agentOptions, { ...options, httpPort: 0, resources: 'cpus:4;mem:2048;disk:1000' });
    return startAgent({ config, host: cluster.host() });
  };
  const apply = async (info: OfferOperation): Promise<OperationStatus> => {
    const request = operationRequest(info, ++count, `op-${count}`);
    await bus.send(ApplyOperationsV1, queueOf('agent', 'S0'), [{ agentId: 'S0', ...request }]);
    const status = await cluster.operationReported(request.operationUuid);
    const { operationUuid } = request;
    const statusUuid = status.uuid?.value ?? '';
    await bus.send(AcknowledgeOperationStatusV1, queueOf('agent', 'S0'), [
      { agentId: 'S0', operationUuid, statusUuid },
    ]);
    return status;
  };
  const launch = async (command: string, more: Partial<TaskInfo> = {}): Promise<string> => {
    const taskId = `task-${++count}`;
    await cluster.launch('S0', launchOf({ task_id: { value: taskId }, command: { value: command }, ...more }));
    return taskId;
  };
  /** Runs a command to its end. @returns what it wrote, or why it could not run */
  const run = async (command: string, more: Partial<TaskInfo> = {}): Promise<string> => {
    const task = await launch(command, more);
    const { status } = await cluster.ended(task);
    const path = `/frameworks/F/executors/${task}/runs/latest/stdout`;
    const out = await fetch(`http://127.0.0.1:${agent.port}/files/download?path=${path}`);
    return status.state === 'TASK_FINISHED' ? (await out.text()).trim() : `${status.reason}: ${status.message}`;
  };
  const on = (...disks: Resource[]): Partial<TaskInfo> => ({ resources: [cpus, mem, ...disks] });
  const inContainer = (...volumes: Volume[]): Partial<TaskInfo> => ({ container: { type: 'MESOS', volumes } });
  const readOnly = (resource: Resource): Resource => ({
    ...resource,
    disk: { ...resource.disk, volume: { mode: 'RO', container_path: 'data' } },
  });
  const data = (id: string): string => join(workDir, 'volumes/roles/web', id);

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'agent-volumes-'));
    await chmod(workDir, 0o755);
    try {
      agent = await start();
    } catch (error) {
      if (!(error instanceof NoContainerizerError)) throw error;
      lack = error.message;
      return;
    }
    await apply(reserve(scalar('disk', 500)));
  });
  beforeEach((context) => {
    if (lack !== undefined) context.skip(lack);
  });
  afterAll(async () => {
    if (lack === undefined) await agent.stop({ killTasks: true });
    await rm(workDir, { recursive: true });
    await removeCgroups(cgroupsRoot);
  });

  it('keep what a task wrote for the next one, over a restart of the agent, until they are destroyed', async () => {
    expect(await apply(volumeOperation('CREATE', volume('v', 100)))).toMatchObject({ state: 'OPERATION_FINISHED' });
    expect(await run('echo kept > data/file; ls -d data', on(volume('v', 100)))).toBe('data');
    expect(readFileSync(join(data('v'), 'file'), 'utf8')).toBe('kept\n');
    await agent.stop({ killTasks: false });
    agent = await start();
    expect(await run('cat data/file', on(volume('v', 100)))).toBe('kept');
    const state = (await (await fetch(`http://127.0.0.1:${agent.port}/state`)).json()) as {
      reserved_resources: object;
      reserved_resources_full: { web: Resource[] };
    };
    expect(state.reserved_resources).toMatchObject({ web: { disk: 500 } });
    expect(state.reserved_resources_full.web.map(({ disk }) => disk?.persistence?.id)).toEqual(['v', undefined]);
    expect(cluster.registrations.at(-1)?.resources.filter(({ disk }) => disk !== undefined)).toHaveLength(1);
    expect(await apply(volumeOperation('DESTROY', volume('v', 100)))).toMatchObject({ state: 'OPERATION_FINISHED' });
    expect(existsSync(data('v'))).toBe(false);
    expect(await run('true', on(volume('v', 100)))).toMatch(/^REASON_RESOURCES_UNKNOWN: /);
  });

  it('belong to the user of their task', async () => {
    await apply(volumeOperation('CREATE', volume('owned', 10)));
    const command = { value: 'id -u; touch data/mine && stat -c %u data/mine', user: 'nobody' };
    const [uid, owner] = (await run('', { ...on(volume('owned', 10)), command })).split('\n');
    expect([owner, statSync(data('owned')).uid]).toEqual([uid, Number(uid)]);
    await apply(volumeOperation('DESTROY', volume('owned', 10)));
  });

  it('cannot be destroyed while a task uses them', async () => {
    await apply(volumeOperation('CREATE', volume('busy', 10)));
    const task = await launch('echo x > data/x; sleep 60', on(volume('busy', 10)));
    await cluster.reported(task, 'TASK_RUNNING');
    const refused = await apply(volumeOperation('DESTROY', volume('busy', 10)));
    expect(refused).toMatchObject({ state: 'OPERATION_FAILED', message: expect.stringContaining('is in use') });
    expect(existsSync(data('busy'))).toBe(true);
    await cluster.kill('S0', task);
    await cluster.ended(task);
    expect(await apply(volumeOperation('DESTROY', volume('busy', 10)))).toMatchObject({ state: 'OPERATION_FINISHED' });
  });

  it('show what one task writes to another when they are shared', async () => {
    const shared: Resource = { ...volume('shared', 10), shared: {} };
    await apply(volumeOperation('CREATE', shared));
    const reader = await launch('until [ -e data/ready ]; do sleep 0.05; done; exit 7', on(shared));
    await cluster.reported(reader, 'TASK_RUNNING');
    expect(await run('touch data/ready', on(shared))).toBe('');
    expect((await cluster.ended(reader)).status.message).toBe('Command exited with status 7');
    await apply(volumeOperation('DESTROY', shared));
  });

  it('may lie below folders of the sandbox, and not outside of it', async () => {
    await apply(volumeOperation('CREATE', volume('path', 10)));
    const at = (container_path: string): Resource => {
      const resource = volume('path', 10);
      return { ...resource, disk: { ...resource.disk, volume: { mode: 'RW', container_path } } };
    };
    expect(await run('echo x > a/b/c && ls a/b', on(at('a/b')))).toBe('c');
    expect(await run('true', on(at('../../x')))).toMatch('is not below the sandbox');
    await apply(volumeOperation('DESTROY', volume('path', 10)));
  });

  it.skipIf(isLink)(
    'cannot be written when they are mounted read-only (volumes of plain processes are links)',
    async () => {
      await apply(volumeOperation('CREATE', volume('ro', 10)));
      writeFileSync(join(data('ro'), 'file'), 'x');
      const command = 'cat data/file; touch data/new 2> error || grep -o "Read-only file system" error';
      expect(await run(command, on(readOnly(volume('ro', 10))))).toBe('xRead-only file system');
      await apply(volumeOperation('DESTROY', volume('ro', 10)));
    },
  );

  it.skipIf(isLink)(
    'of the host and of the sandbox are where the task asks for them (volumes of plain processes are links)',
    async () => {
      const host = join(workDir, 'host');
      mkdirSync(host);
      writeFileSync(join(host, 'file'), 'of the host');
      const source: Volume['source'] = { type: 'HOST_PATH', host_path: { path: host } };
      expect(await run('cat seen/file', inContainer({ mode: 'RO', container_path: 'seen', source }))).toBe(
        'of the host',
      );
      const own: Volume['source'] = { type: 'SANDBOX_PATH', sandbox_path: { type: 'SELF', path: 'private' } };
      const command = 'touch /var/tmp/tranche-private && ls private';
      expect(await run(command, inContainer({ mode: 'RW', container_path: '/var/tmp', source: own }))).toBe(
        'tranche-private',
      );
      expect(existsSync('/var/tmp/tranche-private')).toBe(false);
    },
  );

  it('that cannot be shown keep the task from running, with the reason', async () => {
    const source: Volume['source'] = { type: 'HOST_PATH', host_path: { path: '/no/such/folder' } };
    const failure = await run('true', inContainer({ mode: 'RW', container_path: 'x', source }));
    expect(failure).toMatch(/^REASON_CONTAINER_LAUNCH_FAILED: .*\/no\/such\/folder/);
  });
});

const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } };
const mem: Resource = { name: 'mem', type: 'SCALAR', scalar: { value: 32 } };

/** The agent's own folders in each hierarchy; those of its containers are gone with them. */
async function removeCgroups(root: string): Promise<void> {
  const mounts = await readdir('/sys/fs/cgroup', { withFileTypes: true }).catch(() => []);
  for (const mount of mounts) {
    const folder = join('/sys/fs/cgroup', mount.name, root);
    const below = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const folders = below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    for (const path of [folder, ...folders].toReversed()) await rmdir(path).catch(() => undefined);
  }
}
