import type { AgentOperationView, ReservationView, VolumeView } from '@tranche/contracts';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, ago, type CliResult, FakeRest, fakeWorld, type FakeWorldOptions, framework } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';
import { ownerState } from './owned.js';

const GIB = 2 ** 30;

let cluster: FakeCluster;
let rest: FakeRest;
const run = async (args: string[], options?: FakeWorldOptions): Promise<CliResult & { questions: string[] }> => {
  const world = fakeWorld(options);
  const exitCode = await runCli(['-u', cluster.url, ...args], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr(), questions: world.questions };
};
const page =
  (...items: object[]) =>
  () => ({ body: JSON.stringify({ items, asOf: 1 }) });
const changed = () =>
  rest.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, url, body }) => `${method} ${url.pathname}${url.search} ${body}`.trim());

const amounts = { cpus: 0, gpus: 0, memBytes: 0, diskBytes: 0, ports: [] };
const reservation: ReservationView = {
  ...{ id: 'aa11bb22cc33', agentId: 'c-S0', agentHostname: 'n1', role: 'web', kind: 'dynamic', refines: [] },
  ...{ labels: { for: 'db' }, principal: 'me', resources: { ...amounts, cpus: 2, diskBytes: GIB }, volumes: ['v'] },
  text: 'cpus(web):2; disk(web):1024',
};
const volume: VolumeView = {
  ...{ id: 'dd44ee55ff66', persistenceId: 'data', agentId: 'c-S0', agentHostname: 'n1', role: 'web' },
  ...{ diskBytes: GIB, containerPath: 'data', isShared: false, reservationId: reservation.id },
};
const done: AgentOperationView = { agentId: 'c-S0', operationId: 'op-1', consumed: 'cpus:2', converted: 'cpus(web):2' };

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent({ id: 'c-S0', hostname: 'n1' })];
  rest.answers.set('GET /v1/reservations', page(reservation, { ...reservation, id: 'aa99' }));
  rest.answers.set('GET /v1/volumes', page(volume));
  rest.frameworks = [framework({ principal: 'me', state: 'removed' })];
  rest.answers.set('GET /v1/operations', page({ agentId: 'c-S0', converted: 'cpus(web):2', acceptedAt: ago(7200) }));
  const answer = () => ({ body: JSON.stringify(done) });
  for (const call of [
    'POST /v1/reservations',
    `DELETE /v1/reservations/${reservation.id}`,
    'POST /v1/volumes',
    `PATCH /v1/volumes/${volume.id}`,
    `DELETE /v1/volumes/${volume.id}`,
  ])
    rest.answers.set(call, answer);
});
afterEach(() => cluster.stop());

describe('tranche reservation', () => {
  it('lists what is reserved with whose it is', async () => {
    const { stdout } = await run(['reservation', 'ls']);
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'));
    expect(rows.slice(0, 2)).toEqual([
      'ID|AGENT|ROLE|RESOURCES|OWNER|OWNER STATE|AGE',
      'aa11bb22cc33|n1|web|cpus 2 · disk 1 GiB|for=db · me|removed|2h',
    ]);
    expect(JSON.parse((await run(['reservation', 'ls', '--json'])).stdout)).toMatchObject({
      items: [reservation, { ...reservation, id: 'aa99' }],
    });
  });

  it('tells reservations apart whose frameworks have gone', () => {
    const mine = framework({ principal: 'me', state: 'disconnected' });
    const others = framework({ roles: ['web'], state: 'connected' });
    const { principal: _principal, ...ofNobody } = reservation;
    expect(ownerState(reservation, [mine, others])).toBe('disconnected');
    expect(ownerState(reservation, [framework({ principal: 'me', state: 'removed' }), mine])).toBe('disconnected');
    expect(ownerState(ofNobody, [mine, others])).toBe('connected');
    expect(ownerState(ofNobody, [mine])).toBe('none');
  });

  it('reserves amounts for a role, with labels', async () => {
    const { stdout, exitCode } = await run(['reservation', 'add', 'n1', 'web', 'cpus=2,disk=1g', '--label', 'for=db']);
    expect([exitCode, stdout]).toEqual([0, 'reserved cpus(web):2 on n1  (operation op-1)\n']);
    const body = { agentId: 'c-S0', role: 'web', resources: { cpus: 2, diskBytes: GIB }, labels: { for: 'db' } };
    expect(changed()).toEqual([`POST /v1/reservations ${JSON.stringify(body)}`]);
  });

  it('only says in a dry run what it would do', async () => {
    const { stdout } = await run(['reservation', 'add', 'n1', 'web', 'cpus=2', '--dry-run']);
    expect(stdout).toContain('would be reserved cpus(web):2 on n1');
    expect(changed()[0]).toMatch(/^POST \/v1\/reservations\?dryRun=true /);
  });

  it('gives back what a beginning of its id names, if that is one', async () => {
    expect((await run(['reservation', 'rm', 'aa11'])).stdout).toBe('unreserved cpus:2 on n1  (operation op-1)\n');
    expect(await run(['reservation', 'rm', 'aa'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('"aa" matches 2 reservations\n  web on n1  aa11bb22\n'),
    });
    expect((await run(['reservation', 'rm', 'zz'])).exitCode).toBe(3);
    expect(changed()).toEqual([`DELETE /v1/reservations/${reservation.id}`]);
  });

  it('passes a refusal on with its values', async () => {
    const problem = { status: 409, code: 'operation.conflict', title: 'Not with what is free on the agent' };
    const detail = 'cpus:1 does not contain cpus:2';
    rest.answers.set('POST /v1/reservations', () => ({
      ...{ status: 409, type: 'application/problem+json' },
      body: JSON.stringify({ ...problem, detail, hints: ['tranche agent describe c-S0'] }),
    }));
    const { exitCode, stderr } = await run(['reservation', 'add', 'n1', 'web', 'cpus=2']);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(detail)]);
    expect((await run(['reservation', 'add', 'n1', 'web', 'cpu=2'])).exitCode).toBe(2);
  });
});

describe('tranche volume', () => {
  it('lists volumes', async () => {
    expect((await run(['volume', 'ls'])).stdout).toBe(
      [
        'ID            NAME  AGENT  ROLE   SIZE  PATH  SHARED  OWNER',
        'dd44ee55ff66  data  n1     web   1 GiB  data  -       -',
        '',
      ].join('\n'),
    );
  });

  it('makes one of reserved disk', async () => {
    const { stdout } = await run(['volume', 'create', 'n1', 'web', '1g', '--path', 'data', '--name', 'db', '--shared']);
    expect(stdout).toContain('created cpus(web):2 on n1');
    const body = {
      agentId: 'c-S0',
      role: 'web',
      diskBytes: GIB,
      containerPath: 'data',
      persistenceId: 'db',
      isShared: true,
    };
    expect(changed()).toEqual([`POST /v1/volumes ${JSON.stringify(body)}`]);
  });

  it('grows and shrinks it to a size, the right way', async () => {
    expect((await run(['volume', 'grow', 'dd44', '2g'])).stdout).toContain('grown data on n1 to 2 GiB');
    expect((await run(['volume', 'shrink', 'dd44', '512m'])).stdout).toContain('shrunk data on n1 to 512 MiB');
    expect(await run(['volume', 'grow', 'dd44', '512m'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('tranche volume shrink dd44ee55ff66 512m'),
    });
    expect(changed()).toEqual([
      `PATCH /v1/volumes/${volume.id} {"diskBytes":${2 * GIB}}`,
      `PATCH /v1/volumes/${volume.id} {"diskBytes":${GIB / 2}}`,
    ]);
  });

  it('destroys it only when somebody agrees', async () => {
    expect((await run(['volume', 'rm', 'dd44'])).exitCode).toBe(2);
    expect((await run(['volume', 'rm', 'dd44'], { isTerminal: true, answers: [false] })).exitCode).toBe(1);
    const { questions, stdout } = await run(['volume', 'rm', 'dd44'], { isTerminal: true, answers: [true] });
    expect(questions).toEqual(['destroy data on n1, 1 GiB, with all that is in it?']);
    expect(stdout).toContain('destroyed data on n1');
    expect(changed().filter((line) => !line.includes('dryRun'))).toEqual([`DELETE /v1/volumes/${volume.id}`]);
  });
});
