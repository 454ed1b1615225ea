import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeRest, runInFakeWorld } from '../../cli.fakes.js';

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
});
afterEach(() => cluster.stop());

const CALLER = { service: 'registry', principal: 'dev', authentication: 'basic', may: ['read', 'write'] };
const PERMISSIONS = [
  { action: 'run_tasks', objects: 'users', may: 'some', except: ['root'] },
  { action: 'update_quotas', objects: 'roles', may: 'some', only: ['eng', 'eng/%'] },
  { action: 'view_flags', objects: 'flags', may: 'none' },
  { action: 'view_roles', objects: 'roles', may: 'all' },
];
const answer = (caller: object): void =>
  void rest.answers.set('GET /v1/whoami', () => ({ body: JSON.stringify(caller) }));
const run = (...args: string[]) => runInFakeWorld(['-u', cluster.url, 'config', 'whoami', ...args]);

describe('tranche config whoami', () => {
  it('tells what each action is permitted for', async () => {
    answer({ ...CALLER, permissions: PERMISSIONS });
    expect((await run()).stdout).toBe(
      [
        'Principal       dev',
        'Authentication  basic',
        'May             read, write',
        '',
        'run_tasks      all users but root',
        'update_quotas  roles eng, eng/%',
        'view_flags     none',
        'view_roles     all roles',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('--json')).stdout)).toEqual({ ...CALLER, permissions: PERMISSIONS });
  });

  it('says so where there are no ACLs, or no credentials', async () => {
    answer({ service: 'registry', authentication: 'none', may: ['read'] });
    const { stdout } = await run();
    expect(stdout).toContain('Principal       - (no credentials are shown)');
    expect(stdout).toContain('everything: the cluster has no ACLs');
  });
});
