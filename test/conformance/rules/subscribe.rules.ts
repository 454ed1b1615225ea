import { expect } from 'vitest';
import { KillTaskV1, RecoverResourcesV1, ShutdownFrameworkV1, UpdateFrameworkV1 } from '@tranche/contracts';
import type { FrameworkInfo, SchedulerAttributeConstraint, SchedulerOfferConstraints } from '@tranche/mesos-api';
import { notYet, type Rule, rule } from '../rule.js';
import type { Scheduler } from '../scheduler.js';

const MULTI_ROLE = [{ type: 'MULTI_ROLE' as const }];
/** One constraint on a role: that an agent has a rack, with changes. */
function constraints(role: string, changes: Partial<SchedulerAttributeConstraint>): SchedulerOfferConstraints {
  const constraint: SchedulerAttributeConstraint = {
    selector: { attribute_name: 'rack' },
    predicate: { exists: {} },
    ...changes,
  };
  return { role_constraints: { [role]: { groups: [{ attribute_constraints: [constraint] }] } } };
}
/** Resolves when the service has noticed that the scheduler is away, or has removed its framework. */
const untilAnswered = (scheduler: Scheduler, body: string) =>
  expect.poll(async () => (await scheduler.call({ type: 'REVIVE' })).body, { timeout: 5_000 }).toBe(body);
const AWAY = 'Framework is not subscribed';
const REMOVED = 'Framework cannot be found';

/** Section 3: subscription, refusal, failover, disconnection, removal. */
export const subscribeRules: readonly Rule[] = [
  rule('§3.1 rule 1', 'roles go with MULTI_ROLE, role without', async (stage) => {
    expect(await stage.refusal({ role: 'x' })).toBe(
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    );
    expect(await stage.refusal({ capabilities: [] })).toBe(
      "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable",
    );
  }),
  rule('§3.1 rule 2', 'roles are distinct and valid', async (stage) => {
    expect(await stage.refusal({ roles: ['a', 'b', 'a'] })).toBe(
      "'FrameworkInfo.roles' contains duplicate items: { a }",
    );
    const faults: readonly [string, string][] = [
      ['a/../b', "Role 'a/../b' cannot include '..' as a component"],
      ['/a', "Role '/a' cannot start with a slash"],
      ['a/', "Role 'a/' cannot end with a slash"],
      ['a//b', "Role 'a//b' cannot contain two adjacent slashes"],
      ['a/-b', "Role component '-b' is invalid because it starts with a dash"],
      ['', 'Role names cannot be the empty string'],
    ];
    for (const [role, fault] of faults) {
      expect(await stage.refusal({ roles: [role] })).toBe(`'FrameworkInfo.roles' contains invalid role: ${fault}`);
    }
    expect(await stage.refusal({ roles: [], role: '/a', capabilities: [] })).toBe(
      "'FrameworkInfo.role' is not a valid role: Role '/a' cannot start with a slash",
    );
  }),
  rule('§3.1 rule 3', 'a framework id obeys the rule of ids', async (stage) => {
    const faults: readonly [string, string][] = [
      ['a/b', "'a/b' contains invalid characters"],
      ['..', "'..' is disallowed"],
      ['x'.repeat(256), 'ID must not be greater than 255 characters'],
    ];
    for (const [value, fault] of faults) expect(await stage.refusal({ id: { value } })).toBe(fault);
  }),
  rule('§3.1 rule 4', 'quantities of offer filters are finite, not negative, and there is one', async (stage) => {
    const filters = (quantities: Record<string, { value: number }>): Partial<FrameworkInfo> => ({
      offer_filters: { web: { min_allocatable_resources: { quantities: [{ quantities }] } } },
    });
    expect(await stage.refusal(filters({ cpus: { value: -1 } }))).toContain('Negative values not supported');
    expect(await stage.refusal(filters({ cpus: { value: 1e-310 } }))).toContain('Subnormal values not supported');
    expect(await stage.refusal(filters({}))).toContain('at least one quantity');
  }),
  rule('§3.1 rule 5', 'the failover timeout fits into 64 bits of nanoseconds', async (stage) => {
    expect(await stage.refusal({ failover_timeout: 1e10 })).toMatch(
      /^The framework failover_timeout \(1e\+10\) is invalid/,
    );
    expect(await stage.refusal({ failover_timeout: -1e10 })).toMatch(/\(-1e\+10\) is invalid/);
    expect((await stage.subscribe({ failover_timeout: -1 })).frameworkId).not.toBe('');
  }),
  notYet(
    '§3.1 rules 6, 7',
    'every valid role and user is taken',
    'There is no whitelist of roles and no refusal of root; Mesos without these flags answers the same.',
    async (stage) => {
      expect((await stage.subscribe({ user: 'root', roles: ['anything'] })).frameworkId).not.toBe('');
    },
  ),
  rule('§3.1 rule 8', 'a completed framework is refused in the words that clients match', async (stage) => {
    const done = await stage.subscribe();
    await done.call({ type: 'TEARDOWN' });
    expect(await stage.refusal({ id: { value: done.frameworkId } })).toBe('Framework has been removed');
  }),
  rule('§3.1 rule 9', 'suppressed roles are roles of the framework', async (stage) => {
    expect(await stage.refusal({}, { suppressed_roles: ['b', 'a'] })).toBe(
      'Suppressed roles { a, b } are not contained in the set of roles',
    );
  }),
  rule('§3.1 rule 10', 'offer constraints are for roles of the framework and well-formed', async (stage) => {
    const refusal = (offer_constraints: SchedulerOfferConstraints) => stage.refusal({}, { offer_constraints });
    const wrong: readonly SchedulerOfferConstraints[] = [
      constraints('other', {}),
      { role_constraints: { web: { groups: [] } } },
      { role_constraints: { web: { groups: [{ attribute_constraints: [] }] } } },
      constraints('web', { selector: {} }),
      constraints('web', { predicate: {} }),
      constraints('web', { predicate: { text_matches: { regex: '(' } } }),
      constraints('web', { predicate: { text_matches: { regex: '(a)\\1' } } }),
    ];
    for (const offer_constraints of wrong) expect(await refusal(offer_constraints)).toMatch(/^Offer constraints /);
    const right = await stage.subscribe({}, { offer_constraints: constraints('web', {}) });
    expect(right.frameworkId).not.toBe('');
  }),
  rule('§3.1 rule 12', 'the principal of a known framework does not change', async (stage) => {
    const { frameworkId } = await stage.subscribe({ principal: 'p', failover_timeout: 60 });
    expect(await stage.refusal({ id: { value: frameworkId }, principal: 'q' })).toBe(
      "Changing framework's principal is not allowed.",
    );
  }),
  rule('§3.1 user and checkpoint', 'changes of user and checkpoint are passed over in silence', async (stage) => {
    const first = await stage.subscribe({ failover_timeout: 60, checkpoint: true });
    await stage.launch(first, 'runs');
    const id = { value: first.frameworkId };
    await stage.subscribe({ id, user: 'other', checkpoint: false, failover_timeout: 60 });
    const { framework } = await stage.told(UpdateFrameworkV1, ({ frameworkId }) => frameworkId === id.value);
    expect(framework).toMatchObject({ user: 'u', checkpoint: true });
  }),
  rule('§3.1 order', 'the first rule that fails is told', async (stage) => {
    expect(await stage.refusal({ role: 'x', roles: ['a', 'a'], id: { value: '/' }, failover_timeout: 1e10 })).toMatch(
      /^'FrameworkInfo.role' must not be set/,
    );
    expect(await stage.refusal({ id: { value: '/' }, failover_timeout: 1e10 })).toContain('invalid characters');
  }),
  rule('§3.2 no id', 'a new framework gets the next id, SUBSCRIBED and a HEARTBEAT at once', async (stage) => {
    const [first, second] = [await stage.open(), await stage.open()];
    const ids = await Promise.all(
      [first, second].map(async (scheduler) => {
        const { subscribed } = await scheduler.next('SUBSCRIBED');
        scheduler.frameworkId = subscribed?.framework_id.value ?? '';
        return scheduler.frameworkId;
      }),
    );
    expect(ids[0]).toMatch(/^C-\d{4}$/);
    expect(Number(ids[1]?.slice(2)) - Number(ids[0]?.slice(2))).toBe(1);
    expect((await first.next('HEARTBEAT')).type).toBe('HEARTBEAT');
  }),
  rule('§3.2 SUBSCRIBED', 'it tells the framework id, the heartbeat interval and who leads', async (stage) => {
    const scheduler = await stage.open();
    const { subscribed } = await scheduler.next('SUBSCRIBED');
    scheduler.frameworkId = subscribed?.framework_id.value ?? '';
    expect(subscribed).toMatchObject({
      heartbeat_interval_seconds: 15,
      master_info: {
        id: 'C',
        ip: 16777343,
        port: 5050,
        pid: 'master@127.0.0.1:5050',
        address: { hostname: '127.0.0.1', ip: '127.0.0.1', port: 5050 },
        capabilities: expect.arrayContaining([{ type: 'AGENT_UPDATE' }, { type: 'QUOTA_V2' }]),
      },
    });
  }),
  rule('§3.2 live framework', 'a second SUBSCRIBE takes over: the old stream is told and closed', async (stage) => {
    const first = await stage.subscribe({ roles: ['web', 'batch'], failover_timeout: 60 });
    const kept = await stage.offer(first);
    const dropped = await stage.offer(first, { role: 'batch' });
    const second = await stage.subscribe({ id: { value: first.frameworkId }, failover_timeout: 60 });
    expect(await first.end()).toEqual([
      { type: 'RESCIND', rescind: { offer_id: dropped.id } },
      { type: 'ERROR', error: { message: 'Framework failed over' } },
    ]);
    expect([second.frameworkId, second.streamId === first.streamId]).toEqual([first.frameworkId, false]);
    const back = [await stage.told(RecoverResourcesV1), await stage.told(RecoverResourcesV1)];
    expect(back.map(({ agentId }) => agentId).toSorted()).toEqual(
      [kept, dropped].map(({ agent_id }) => agent_id.value).toSorted(),
    );
    expect(back.map(({ refuseSeconds }) => refuseSeconds)).toEqual([undefined, undefined]);
    expect(await second.settled()).toEqual([]);
  }),
  rule('§3.2 disconnected framework', 'it goes on under its id and its agents are told', async (stage) => {
    const first = await stage.subscribe({ failover_timeout: 60 });
    const task = await stage.launch(first, 'stays');
    first.leave();
    await untilAnswered(first, AWAY);
    const second = await stage.subscribe({ id: { value: first.frameworkId }, failover_timeout: 60, name: 'renamed' });
    expect(second.frameworkId).toBe(first.frameworkId);
    expect(await stage.told(UpdateFrameworkV1)).toMatchObject({ framework: { name: 'renamed' } });
    await second.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    expect((await second.status()).task_id).toEqual(task.task_id);
  }),
  rule('§3.2 unknown id', 'an id that nobody knows is accepted as it is', async (stage) => {
    const scheduler = await stage.subscribe({ id: { value: 'from-elsewhere' } });
    expect(scheduler.frameworkId).toBe('from-elsewhere');
  }),
  rule(
    '§3.2 recovered framework',
    'one that agents reported comes back with its tasks, and no error',
    async (stage) => {
      const frameworkId = `reported-${stage.encoding}`;
      const info = { user: 'u', name: 'f', roles: ['web'], capabilities: MULTI_ROLE, failover_timeout: 60 };
      const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'R' }, command: { value: 'x' } };
      const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 } }];
      const report = { frameworkId, task: { ...task, resources }, role: 'web', traceId: '0'.repeat(32) };
      const frameworks = [{ frameworkId, info }];
      await stage.agent({ agentId: `R-${stage.encoding}` }, { tasks: [report], frameworks });
      const scheduler = await stage.subscribe({ id: { value: frameworkId }, failover_timeout: 60 });
      await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
      expect((await scheduler.status()).task_id).toEqual({ value: 't' });
    },
  ),
  rule('§3.2 empty id', 'an empty id equals none', async (stage) => {
    expect((await stage.subscribe({ id: { value: '' } })).frameworkId).toMatch(/^C-\d{4}$/);
  }),
  rule('§3.3 stream closed', 'offers are withdrawn and events are dropped until it is back', async (stage) => {
    const first = await stage.subscribe({ failover_timeout: 60 });
    const task = await stage.launch(first, 'runs');
    await stage.offer(first);
    await stage.all(RecoverResourcesV1);
    first.leave();
    await untilAnswered(first, AWAY);
    await stage.told(RecoverResourcesV1, ({ refuseSeconds }) => refuseSeconds === undefined);
    await stage.agentIs(task.agent_id.value, 'unreachable');
    const second = await stage.subscribe({ id: { value: first.frameworkId }, failover_timeout: 60 });
    expect(await second.settled()).toEqual([]);
  }),
  rule('§3.3 failover timeout 0', 'without a failover timeout the framework is removed at once', async (stage) => {
    const scheduler = await stage.subscribe();
    scheduler.leave();
    const id = { value: scheduler.frameworkId };
    await expect.poll(() => stage.refusal({ id }), { timeout: 5_000 }).toBe('Framework has been removed');
  }),
  rule('§3.3 failover timeout', 'it is removed when the timeout passes without it', async (stage) => {
    const scheduler = await stage.subscribe({ failover_timeout: 0.05 });
    scheduler.leave();
    await untilAnswered(scheduler, REMOVED);
  }),
  rule(
    '§3.3 removal',
    'agents end its executors; its tasks are recorded as killed; it hears nothing',
    async (stage) => {
      const scheduler = await stage.subscribe();
      const task = await stage.launch(scheduler, 'doomed');
      await scheduler.call({ type: 'TEARDOWN' });
      expect(await scheduler.end()).toEqual([]);
      expect(await stage.told(ShutdownFrameworkV1)).toEqual({ frameworkId: scheduler.frameworkId });
      const { body } = await stage.post({ method: 'GET', path: '/tasks?limit=1000', headers: {} });
      const tasks = (JSON.parse(body) as { tasks: { framework_id: string; id: string; state: string }[] }).tasks;
      const recorded = tasks.find((one) => one.framework_id === scheduler.frameworkId);
      expect(recorded).toMatchObject({ id: task.task_id.value, state: 'TASK_KILLED' });
      expect(await stage.all(KillTaskV1)).toEqual([]);
    },
  ),
];
