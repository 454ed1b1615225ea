import { LaunchTaskGroupsV1, LaunchTasksV1 } from '@tranche/contracts';
import type { OfferOperation } from '@tranche/mesos-api';
import { expect } from 'vitest';
import {
  create,
  destroy,
  disk,
  grow,
  MODERN,
  named,
  offered,
  operate,
  reserve,
  shrink,
  told,
  unreserve,
  volume,
} from '../operations.js';
import { type Rule, rule } from '../rule.js';
import { type Encoding, mediaTypeOf } from '../scheduler.js';
import { cpusAndMem, frameworkInfo, scalar, Stage, taskInfo } from '../stage.js';

/** Frameworks of principal `fw` may be in role web, and run tasks as nobody; everybody may see frameworks, and nobody do anything else. */
const ACLS = {
  permissive: false,
  register_frameworks: [{ principals: { values: ['fw'] }, roles: { values: ['web'] } }],
  run_tasks: [{ principals: { values: ['fw'] }, users: { values: ['nobody'] } }],
  view_frameworks: [{ principals: { type: 'ANY' }, users: { type: 'ANY' } }],
};

async function restricted(encoding: Encoding, check: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await Stage.start(encoding, { config: { authAcls: JSON.stringify(ACLS) } });
  try {
    await check(stage);
  } finally {
    await stage.stop();
  }
}

const FW = { principal: 'fw', user: 'nobody' };
const asRoot = { command: { value: 'true', user: 'root' } };

/** Where not everybody may do everything. @source formats §8.2 */
export const aclRules: readonly Rule[] = [
  rule(
    '§3.1 row 11, §4 UPDATE_FRAMEWORK',
    'a framework is refused roles that it may not be in, at once and later',
    ({ encoding }) =>
      restricted(encoding, async (stage) => {
        for (const info of [{ principal: 'fw', roles: ['web', 'root'] }, { roles: ['web'] }, { principal: 'x' }]) {
          expect(await stage.refusal(info)).toMatch(/^Not authorized to register framework {2}with roles \{ /);
        }
        const scheduler = await stage.subscribe(FW);
        const info = frameworkInfo({ ...FW, id: { value: scheduler.frameworkId }, roles: ['web', 'root'] });
        const update_framework = { framework_info: info };
        const { status, body } = await scheduler.call({ type: 'UPDATE_FRAMEWORK', update_framework });
        const { frameworkId } = scheduler;
        expect([status, body]).toEqual([
          403,
          `Not authorized to register framework ${frameworkId} with roles { root, web }`,
        ]);
      }),
  ),
  rule('§6 authorization', 'a task as a user that its framework may not use is TASK_ERROR', ({ encoding }) =>
    restricted(encoding, async (stage) => {
      const scheduler = await stage.subscribe(FW);
      const offer = await stage.offer(scheduler);
      const task_infos = [taskInfo('a', offer.agent_id.value, asRoot), taskInfo('b', offer.agent_id.value)];
      await operate(scheduler, offer, { type: 'LAUNCH', launch: { task_infos } });
      expect(await scheduler.status()).toMatchObject({
        ...{ task_id: { value: 'a' }, state: 'TASK_ERROR', source: 'SOURCE_MASTER' },
        ...{ reason: 'REASON_TASK_UNAUTHORIZED', message: "Not authorized to launch as user 'root'" },
      });
      expect(await stage.told(LaunchTasksV1)).toMatchObject({ task: { task_id: { value: 'b' } } });
    }),
  ),
  rule('§6 authorization of groups', 'of a group with such a task none is launched', ({ encoding }) =>
    restricted(encoding, async (stage) => {
      const scheduler = await stage.subscribe(FW);
      const offer = await stage.offer(scheduler);
      const executor = {
        ...{ type: 'DEFAULT' as const, executor_id: { value: 'e' }, framework_id: { value: scheduler.frameworkId } },
        resources: [...cpusAndMem(0.1, 32), scalar('disk', 16)],
      };
      const tasks = [taskInfo('a', offer.agent_id.value), taskInfo('b', offer.agent_id.value, asRoot)];
      await operate(scheduler, offer, { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } });
      for (const value of ['a', 'b']) {
        expect(await scheduler.status()).toMatchObject({
          ...{ task_id: { value }, state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_UNAUTHORIZED' },
          message: "Task 'b' is not authorized to launch as user 'root'",
        });
      }
      expect(await stage.all(LaunchTaskGroupsV1)).toEqual([]);
    }),
  ),
  rule(
    '§5.3 authorization',
    'an operation that is not permitted is not done: OPERATION_ERROR with an id',
    ({ encoding }) =>
      restricted(encoding, async (stage) => {
        const deeds: readonly (readonly [OfferOperation, string])[] = [
          [reserve(disk(8)), 'reserve resources'],
          [unreserve(disk(8)), 'unreserve resources'],
          [create(volume(8)), 'create persistent volumes'],
          [destroy(volume(8)), 'destroy persistent volumes'],
          [grow(volume(8), disk(1)), 'grow a volume'],
          [shrink(volume(8), 1), 'shrink a volume'],
        ];
        const { scheduler, offer } = await offered(stage, [disk(16)], { info: { ...MODERN, ...FW } });
        await operate(scheduler, offer, ...deeds.map(([operation], at) => named(operation, String(at))));
        for (const [at, [, deed]] of deeds.entries()) {
          expect(await told(scheduler)).toMatchObject({
            ...{ operation_id: { value: String(at) }, state: 'OPERATION_ERROR' },
            message: `Not authorized to ${deed} as 'fw'`,
          });
        }
      }),
  ),
  rule('classic §2 /teardown authorization', 'who may not end a framework is 403', ({ encoding }) =>
    restricted(encoding, async (stage) => {
      const { frameworkId } = await stage.subscribe(FW);
      const headers = { 'Content-Type': mediaTypeOf(encoding) };
      const ended = await stage.post({ path: '/teardown', headers, body: Buffer.from(`frameworkId=${frameworkId}`) });
      expect([ended.status, ended.body]).toEqual([403, '403 Forbidden.']);
      const rest = await stage.post({ path: `/v1/frameworks/${frameworkId}:teardown`, body: Buffer.from('{}') });
      expect(JSON.parse(rest.body)).toMatchObject({ status: 403, code: 'auth.not_permitted' });
    }),
  ),
];
