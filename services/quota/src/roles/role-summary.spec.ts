import type { AgentRecord, FrameworkRecord, TaskRecord } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { RoleUsage } from '../usage/role-usage.js';
import { RoleConfigs } from './role-configs.js';
import { summarizeRoles } from './role-summary.js';

const cpus = (value: number) => ({ name: 'cpus', type: 'SCALAR', scalar: { value } }) as const;

describe('summarizeRoles', () => {
  it('lists the roles in use, those with a setting, and those above them', () => {
    const configs = new RoleConfigs();
    configs.put({ name: 'z', weight: 3 });
    const usage = new RoleUsage();
    usage.applyFramework({
      framework: {
        frameworkId: 'f',
        roles: ['a/b/c'],
        state: 'connected',
        info: { user: 'me' },
      } as unknown as FrameworkRecord,
    });
    const roles = summarizeRoles(configs, usage);
    expect(roles.map(({ name, weight, frameworkIds }) => [name, weight, frameworkIds])).toEqual([
      ['a', 1, []],
      ['a/b', 1, []],
      ['a/b/c', 1, ['f']],
      ['z', 3, []],
    ]);
  });

  it('counts what is held below a role, and reservations whether they are held or not', () => {
    const usage = new RoleUsage();
    usage.applyLaunch({
      task: { frameworkId: 'f', taskId: 't', role: 'a/b', resources: [cpus(1)], state: 'TASK_RUNNING' } as TaskRecord,
    });
    const reserved = { ...cpus(2), reservations: [{ type: 'STATIC', role: 'a/c' }] };
    usage.applyAgent({ agentId: 'x', state: 'active', resources: [reserved] } as unknown as AgentRecord);
    const [top, below] = summarizeRoles(new RoleConfigs(), usage);
    expect([top?.allocated, top?.reserved, top?.consumed].map(String)).toEqual(['cpus:1', 'cpus:2', 'cpus:3']);
    expect([below?.allocated, below?.reserved, below?.consumed].map(String)).toEqual(['cpus:1', '', 'cpus:1']);
  });
});
