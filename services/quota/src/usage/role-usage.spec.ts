import type { AgentRecord, FrameworkRecord, OfferRecord, TaskRecord, TaskUpdated } from '@tranche/contracts';
import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { RoleUsage } from './role-usage.js';

const cpus = (value: number, reservedTo?: string): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value },
  ...(reservedTo === undefined ? {} : { reservations: [{ type: 'STATIC', role: reservedTo }] }),
});

const framework = (frameworkId: string, roles: string[], state: FrameworkRecord['state'] = 'connected') => ({
  framework: { frameworkId, roles, state, info: { user: `user-of-${frameworkId}`, name: 'n' } } as FrameworkRecord,
});
const launch = (taskId: string, resources: Resource[], role = 'r') => ({
  task: { frameworkId: 'f', taskId, role, resources, state: 'TASK_STAGING' } as TaskRecord,
});
const update = (taskId: string, state: TaskUpdated['state'], completed = false): TaskUpdated => ({
  frameworkId: 'f',
  taskId,
  agentId: 'a',
  state,
  completed,
});
const made = (offerId: string, value: number) => ({
  kind: 'made' as const,
  offer: { offerId, frameworkId: 'f', role: 'r', resources: [cpus(value)] } as OfferRecord,
});
const agent = (resources: Resource[], state: AgentRecord['state'] = 'active') =>
  ({ agentId: 'a', state, resources }) as AgentRecord;

const held = (usage: RoleUsage, role = 'r') => {
  const { allocated, allocatedUnreserved, offered } = usage.heldIn(role);
  return [allocated, allocatedUnreserved, offered].map(String);
};

describe('RoleUsage', () => {
  it('knows the frameworks of a role until they are removed', () => {
    const usage = new RoleUsage();
    usage.applyFramework(framework('f', ['r', 's']));
    usage.applyFramework(framework('g', ['r']));
    expect([...usage.frameworksByRole()]).toEqual([
      ['r', ['f', 'g']],
      ['s', ['f']],
    ]);
    usage.applyFramework(framework('f', ['r', 's'], 'removed'));
    expect([...usage.frameworksByRole()]).toEqual([['r', ['g']]]);
  });

  it('sums what tasks and offers hold', () => {
    const usage = new RoleUsage();
    usage.applyLaunch(launch('a', [cpus(1)]));
    usage.applyLaunch(launch('b', [cpus(0.5, 'r')]));
    usage.applyOffer(made('o', 2));
    expect(held(usage)).toEqual(['cpus:1.5', 'cpus:1', 'cpus:2']);
    usage.applyOffer({ kind: 'ended', offerId: 'o', outcome: 'accepted' });
    expect(held(usage)).toEqual(['cpus:1.5', 'cpus:1', '']);
  });

  it('lets go of what a task held when it ends, once', () => {
    const usage = new RoleUsage();
    usage.applyLaunch(launch('a', [cpus(1)]));
    usage.applyUpdate(update('a', 'TASK_FAILED'));
    usage.applyUpdate(update('a', 'TASK_FAILED', true));
    expect([held(usage), [...usage.rolesHolding()]]).toEqual([['', '', ''], []]);
  });

  it('gives back what an unreachable task held when the task is back', () => {
    const usage = new RoleUsage();
    usage.applyLaunch(launch('a', [cpus(1)]));
    usage.applyUpdate(update('a', 'TASK_UNREACHABLE'));
    expect(held(usage)[0]).toBe('');
    usage.applyUpdate(update('a', 'TASK_RUNNING'));
    expect(held(usage)[0]).toBe('cpus:1');
  });

  it('forgets the tasks of a removed framework', () => {
    const usage = new RoleUsage();
    usage.applyFramework(framework('f', ['r']));
    usage.applyLaunch(launch('a', [cpus(1)]));
    usage.applyFramework(framework('f', ['r'], 'removed'));
    expect(held(usage)[0]).toBe('');
    expect(usage.applyUpdate(update('a', 'TASK_KILLED', true))).toBe('applied');
  });

  it('asks for a snapshot when it has never heard of a running task', () => {
    expect(new RoleUsage().applyUpdate(update('x', 'TASK_RUNNING'))).toBe('unknown');
  });

  it('sums reservations over the agents that are present', () => {
    const usage = new RoleUsage();
    const reserved = () => [...usage.reservedByRole()].map(([role, quantities]) => [role, String(quantities)]);
    usage.applyAgent(agent([cpus(4), cpus(2, 'a/b')]));
    expect(reserved()).toEqual([['a/b', 'cpus:2']]);
    usage.applyAgent(agent([cpus(4), cpus(2, 'a/b')], 'unreachable'));
    expect(reserved()).toEqual([]);
    usage.applyAgent(agent([cpus(4), cpus(2, 'a/b')], 'removed'));
    expect(reserved()).toEqual([]);
  });

  it('starts from a snapshot', () => {
    const usage = new RoleUsage();
    usage.applyLaunch(launch('old', [cpus(1)]));
    usage.replaceOffers({
      frameworks: [framework('f', ['s']).framework],
      tasks: [
        { ...launch('a', [cpus(3)]), completed: false },
        { ...launch('b', [cpus(5)]), completed: true },
      ],
      offers: [],
    });
    expect([held(usage)[0], [...usage.frameworksByRole().keys()]]).toEqual(['cpus:3', ['s']]);
  });
});
