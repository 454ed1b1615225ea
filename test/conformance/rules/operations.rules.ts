// size: one table, a row per operation; split, the section could not be read beside it.
import { ApplyOperationsV1, LaunchTasksV1, RecoverResourcesV1, UpdateAllocationV1 } from '@tranche/contracts';
import type { OfferOperation, Resource } from '@tranche/mesos-api';
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
  textOf,
  told,
  unreserve,
  volume,
  WEB,
  withCapabilities,
} from '../operations.js';
import { type Rule, rule } from '../rule.js';
import { cpusAndMem, scalar, taskInfo } from '../stage.js';

/** The operation goes to the agent; the allocator is told what became what, and gets the result without, the rest with the filter. */
const becomes =
  (
    operation: OfferOperation,
    on: readonly Resource[],
    expected: { readonly consumed: string; readonly converted: string; readonly made: string; readonly rest: string },
    info: object = {},
  ): Rule['check'] =>
  async (stage) => {
    const { scheduler, offer } = await offered(stage, on, { info });
    expect((await operate(scheduler, offer, operation)).status).toBe(202);
    expect(await stage.told(ApplyOperationsV1)).toMatchObject({
      agentId: offer.agent_id.value,
      frameworkId: scheduler.frameworkId,
      info: { type: operation.type },
    });
    const { consumed, converted } = await stage.told(UpdateAllocationV1);
    expect([textOf(consumed), textOf(converted)]).toEqual([expected.consumed, expected.converted]);
    const [made, rest] = [await stage.told(RecoverResourcesV1), await stage.told(RecoverResourcesV1)];
    expect([textOf(made.resources), made.refuseSeconds]).toEqual([expected.made, undefined]);
    expect([textOf(rest.resources), rest.refuseSeconds]).toEqual([expected.rest, 7]);
    expect(await scheduler.settled()).toEqual([]);
  };

interface Fault {
  readonly operation: OfferOperation;
  readonly message: string | RegExp;
  readonly on?: readonly Resource[];
  readonly info?: object;
  readonly capabilities?: readonly string[];
}

/** Each is refused in these words to who gave an id, and in silence to who did not; nothing is done. */
const refuses =
  (...faults: Fault[]): Rule['check'] =>
  async (stage) => {
    for (const { operation, message, on = [scalar('disk', 100)], ...more } of faults) {
      const { scheduler, offer } = await offered(stage, on, more);
      await operate(scheduler, offer, operation, named(operation));
      expect(await told(scheduler)).toEqual({
        operation_id: { value: 'op' },
        state: 'OPERATION_ERROR',
        message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
      });
      expect(await scheduler.settled()).toEqual([]);
      expect(await stage.all(ApplyOperationsV1)).toEqual([]);
      await stage.leaveAll();
    }
  };

const BY_ME = { principal: 'me' };
const reservedBy = (principal: string | undefined, role = 'web'): Resource => ({
  ...scalar('disk', 10),
  reservations: [{ type: 'DYNAMIC', role, ...(principal === undefined ? {} : { principal }) }],
});

const onePerOperation: readonly Rule[] = [
  rule('§5.3 RESERVE', 'unreserved resources become dynamically reserved ones', async (stage) => {
    const expected = { consumed: 'disk:40', converted: 'disk(web):40', made: 'disk(web):40' };
    const rest = 'cpus:4; disk:60; mem:1024';
    await becomes(reserve(disk(40)), [scalar('disk', 100)], { ...expected, rest })(stage);
  }),
  rule(
    '§5.3 RESERVE: refusals',
    'roles, principals, kinds of reservations and of agents are checked',
    refuses(
      { operation: reserve(), message: 'Invalid resources: The resources have multiple resource providers: ' },
      {
        operation: reserve({ ...scalar('disk', 1), reservations: [{ type: 'STATIC', role: 'web' }] }),
        message: 'is not dynamically reserved; on agent ',
      },
      { operation: reserve(scalar('disk', 1)), message: 'is not dynamically reserved' },
      { operation: reserve({ ...disk(1), revocable: {} }), message: 'cannot be created from revocable resources' },
      {
        operation: reserve(reservedBy(undefined, '*')),
        message: 'Operation attempted with invalid resources: Resource ',
      },
      {
        operation: { type: 'RESERVE', reserve: { source: [scalar('disk', 1)], resources: [disk(1)] } },
        message:
          'Operation attempted with invalid resources: Reservation updates are not yet implemented for the scheduler API.',
      },
      {
        operation: reserve(reservedBy(undefined, 'other')),
        message: "for a resource with role 'other', but the resource was allocated to role 'web'",
      },
      {
        operation: reserve({ ...reservedBy(undefined, 'other'), allocation_info: { role: 'other' } }),
        message: "allocated to role 'other', but the framework only has roles '{ web }'",
      },
      {
        operation: reserve(reservedBy(undefined)),
        info: BY_ME,
        message: "attempted by principal 'me', but there is a reserved resource in the request with no principal set",
      },
      {
        operation: reserve(reservedBy('you')),
        info: BY_ME,
        message: "attempted by authenticated principal 'me', which does not match a reserved resource in the request",
      },
      { operation: reserve(disk(500)), message: / does not contain / },
      {
        operation: reserve({
          ...disk(1),
          reservations: [...WEB, { type: 'DYNAMIC', role: 'web/a' }],
          allocation_info: { role: 'web/a' },
        }),
        info: { roles: ['web', 'web/a'] },
        capabilities: ['MULTI_ROLE', 'RESOURCE_PROVIDER', 'AGENT_OPERATION_FEEDBACK'],
        message: "for hierarchical role 'web/a' cannot be reserved on an agent without HIERARCHICAL_ROLE capability",
      },
      {
        operation: reserve({
          ...disk(1),
          reservations: [...WEB, { type: 'DYNAMIC', role: 'web/a' }],
          allocation_info: { role: 'web/a' },
        }),
        info: { roles: ['web', 'web/a'] },
        capabilities: ['HIERARCHICAL_ROLE', 'RESOURCE_PROVIDER', 'AGENT_OPERATION_FEEDBACK'],
        message: 'with reservation refinement cannot be reserved on an agent without RESERVATION_REFINEMENT capability',
      },
    ),
  ),
  rule('§5.3 UNRESERVE', 'the top reservation goes', async (stage) => {
    const expected = { consumed: 'disk(web):40', converted: 'disk:40', made: 'disk:40' };
    const rest = 'cpus:4; disk(web):60; mem:1024';
    await becomes(unreserve(disk(40)), [disk(100)], { ...expected, rest })(stage);
  }),
  rule(
    '§5.3 UNRESERVE: refusals',
    'only dynamic reservations, and no volumes',
    refuses(
      { operation: unreserve(scalar('disk', 1)), message: 'is not dynamically reserved' },
      {
        operation: unreserve(volume(10)),
        on: [volume(10)],
        message: 'cannot be unreserved directly. Please destroy the persistent volume first',
      },
    ),
  ),
  rule('§5.3 CREATE', 'reserved disk becomes a persistent volume', async (stage) => {
    const expected = { consumed: 'disk(web):40', converted: 'disk(web)[v]:40', made: 'disk(web)[v]:40' };
    const rest = 'cpus:4; disk(web):60; mem:1024';
    await becomes(create(volume(40)), [disk(100)], { ...expected, rest })(stage);
  }),
  rule(
    '§5.3 CREATE: refusals',
    'what is no volume, ids that are taken, sharing without the capability, other principals',
    refuses(
      { operation: create(disk(1)), on: [disk(9)], message: 'Not a persistent volume: Resource ' },
      {
        operation: create(volume(1, { reservations: [] })),
        message: 'Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
      },
      {
        operation: create(
          volume(1, { disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RO' } } }),
        ),
        on: [disk(9)],
        message: 'Not a persistent volume: Read-only persistent volume not supported',
      },
      {
        operation: create(
          volume(1, {
            disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RW', host_path: '/h' } },
          }),
        ),
        on: [disk(9)],
        message: "Expecting 'host_path' to be unset for persistent volume",
      },
      {
        operation: create(
          volume(1, { disk: { persistence: { id: '.' }, volume: { container_path: 'd', mode: 'RW' } } }),
        ),
        on: [disk(9)],
        message: 'Invalid persistence ID for persistent volume',
      },
      { operation: create(volume(1)), on: [disk(9), volume(3)], message: "Persistence ID 'v' is not unique" },
      {
        operation: create(volume(1, { shared: {} })),
        on: [disk(9)],
        message: 'with no SHARED_RESOURCES capability',
      },
      {
        operation: create(volume(1)),
        on: [disk(9)],
        info: BY_ME,
        message: "no principal set in 'disk.persistence'",
      },
    ),
  ),
  rule('§5.3 DESTROY', 'a volume becomes plain disk again', async (stage) => {
    const expected = { consumed: 'disk(web)[v]:40', converted: 'disk(web):40', made: 'disk(web):40' };
    await becomes(destroy(volume(40)), [volume(40)], { ...expected, rest: 'cpus:4; mem:1024' })(stage);
  }),
  rule('§5.3 DESTROY: refusals', 'a volume that is not there, or in use', async (stage) => {
    await refuses(
      { operation: destroy(disk(1)), on: [disk(9)], message: 'Not a persistent volume: Resource ' },
      { operation: destroy(volume(1)), on: [disk(9)], message: 'Persistent volumes not found; on agent ' },
    )(stage);
    const shared = volume(10, { shared: {} });
    const { scheduler, offer } = await offered(stage, [shared], { info: withCapabilities('SHARED_RESOURCES') });
    const task = taskInfo('t', offer.agent_id.value, { resources: [...cpusAndMem(), shared] });
    await operate(scheduler, offer, { type: 'LAUNCH', launch: { task_infos: [task] } }, named(destroy(shared)));
    expect((await told(scheduler)).message).toContain('Persistent volumes in use; on agent ');
    await stage.told(LaunchTasksV1);
  }),
  rule('§5.3 DESTROY: other offers', 'offers that hold the shared volume are rescinded', async (stage) => {
    const shared = volume(10, { shared: {} });
    const sharing = withCapabilities('RESERVATION_REFINEMENT', 'SHARED_RESOURCES');
    const { scheduler, offer } = await offered(stage, [shared], { info: sharing });
    const other = await stage.subscribe(sharing);
    const held = await stage.offer(other, { agentId: offer.agent_id.value, resources: [shared] });
    await operate(scheduler, offer, destroy(shared));
    expect((await other.next('RESCIND')).rescind).toEqual({ offer_id: held.id });
    await stage.told(ApplyOperationsV1);
  }),
  rule('§5.3 GROW_VOLUME', 'a volume and disk become a larger volume', async (stage) => {
    const expected = { consumed: 'disk(web):10; disk(web)[v]:40', converted: 'disk(web)[v]:50' };
    const rest = 'cpus:4; disk(web):20; mem:1024';
    const made = 'disk(web)[v]:50';
    await becomes(grow(volume(40), disk(10)), [disk(30), volume(40)], { ...expected, made, rest })(stage);
  }),
  rule(
    '§5.3 GROW_VOLUME: refusals',
    'nothing to add, other disk, shared volumes, agents that cannot',
    refuses(
      {
        operation: grow(volume(4), disk(0)),
        on: [volume(4), disk(9)],
        message: "The size of 'GrowVolume.addition' field must be greater than zero",
      },
      {
        operation: grow(volume(4), scalar('disk', 1)),
        on: [volume(4), scalar('disk', 9)],
        message: "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields",
      },
      {
        operation: grow(disk(4), disk(1)),
        on: [disk(9)],
        message: "Invalid persistent volume in the 'GrowVolume.volume' field: ",
      },
      {
        operation: grow(volume(4, { shared: {} }), disk(1)),
        on: [disk(9)],
        message: 'Growing a shared persistent volume is not supported',
      },
      {
        operation: grow(volume(4), disk(1)),
        on: [volume(4), disk(9)],
        capabilities: ['RESOURCE_PROVIDER', 'AGENT_OPERATION_FEEDBACK'],
        message: 'cannot be grown on an agent without RESIZE_VOLUME capability',
      },
      { operation: grow(volume(4), disk(99)), on: [volume(4), disk(9)], message: /^Invalid GROW_VOLUME operation: / },
    ),
  ),
  rule('§5.3 SHRINK_VOLUME', 'a part of a volume becomes disk', async (stage) => {
    const expected = { consumed: 'disk(web)[v]:40', converted: 'disk(web):10; disk(web)[v]:30' };
    const made = 'disk(web):10; disk(web)[v]:30';
    await becomes(shrink(volume(40), 10), [volume(40)], { ...expected, made, rest: 'cpus:4; mem:1024' })(stage);
  }),
  rule(
    '§5.3 SHRINK_VOLUME: refusals',
    'nothing or all to take, MOUNT disks, shared volumes, agents that cannot',
    refuses(
      {
        operation: shrink(volume(4), 0),
        on: [volume(4)],
        message: "Value of 'ShrinkVolume.subtract' must be greater than zero",
      },
      {
        operation: shrink(volume(4), 4),
        on: [volume(4)],
        message: "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'",
      },
      {
        operation: shrink(
          volume(4, {
            disk: {
              persistence: { id: 'v' },
              volume: { container_path: 'd', mode: 'RW' },
              source: { type: 'MOUNT', mount: { root: '/m' } },
            },
          }),
          1,
        ),
        message: 'Shrinking a volume on a MOUNT disk is not supported',
      },
      {
        operation: shrink(volume(4, { shared: {} }), 1),
        message: 'Shrinking a shared persistent volume is not supported',
      },
      {
        operation: shrink(volume(4), 1),
        on: [volume(4)],
        capabilities: ['RESOURCE_PROVIDER', 'AGENT_OPERATION_FEEDBACK'],
        message: 'cannot be shrunk on an agent without RESIZE_VOLUME capability',
      },
    ),
  ),
  rule(
    '§5.3 CREATE_DISK',
    'without a resource provider there is no RAW disk to make one of',
    refuses({
      operation: { type: 'CREATE_DISK', create_disk: { source: scalar('disk', 1), target_type: 'MOUNT' } },
      message: "'source' is not managed by a resource provider; on agent ",
    }),
  ),
  rule(
    '§5.3 DESTROY_DISK',
    'without a resource provider there is no disk of one',
    refuses({
      operation: { type: 'DESTROY_DISK', destroy_disk: { source: scalar('disk', 1) } },
      message: "'source' is not managed by a resource provider; on agent ",
    }),
  ),
];

const together: readonly Rule[] = [
  rule('§5.1 operations', 'on void offers they are errors for who gave an id, and nothing else', async (stage) => {
    const scheduler = await stage.subscribe(MODERN);
    const operations = [reserve(disk(1)), named(reserve(disk(1)))];
    await scheduler.call({ type: 'ACCEPT', accept: { offer_ids: [{ value: 'O' }], operations } });
    expect(await scheduler.settled()).toMatchObject([
      {
        update_operation_status: {
          status: {
            operation_id: { value: 'op' },
            state: 'OPERATION_ERROR',
            message: 'Operation attempted with invalid offers: Offer O is no longer valid',
          },
        },
      },
    ]);
  }),
  rule('§5.2 step 5: pipelines', 'a later operation uses what an earlier one made', async (stage) => {
    const { scheduler, offer } = await offered(stage, [scalar('disk', 100)]);
    const task = taskInfo('t', offer.agent_id.value, { resources: [...cpusAndMem(), volume(40)] });
    const launch = { type: 'LAUNCH' as const, launch: { task_infos: [task] } };
    await operate(scheduler, offer, reserve(disk(60)), reserve(disk(900)), create(volume(40)), launch);
    const types = [await stage.told(ApplyOperationsV1), await stage.told(ApplyOperationsV1)];
    expect(types.map(({ info }) => info.type)).toEqual(['RESERVE', 'CREATE']);
    expect((await stage.told(LaunchTasksV1)).task.task_id.value).toBe('t');
    const [made, rest] = [await stage.told(RecoverResourcesV1), await stage.told(RecoverResourcesV1)];
    expect([textOf(made.resources), textOf(rest.resources)]).toEqual(['disk(web):20', 'cpus:3; disk:40; mem:960']);
  }),
  rule('§5.2 step 5: several offers', 'operations use the sum of offers of one agent', async (stage) => {
    const { scheduler, offer } = await offered(stage, [scalar('disk', 100)]);
    const more = await stage.offer(scheduler, { agentId: offer.agent_id.value, resources: [scalar('mem', 512)] });
    const operations = [reserve({ ...scalar('mem', 1500), reservations: WEB })];
    await scheduler.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id, more.id], operations } });
    expect(textOf((await stage.told(UpdateAllocationV1)).converted)).toBe('mem(web):1500');
  }),
  rule('§5.2 step 6: resized volumes', 'no later operation of the call may use them', async (stage) => {
    const { scheduler, offer } = await offered(stage, [disk(30), volume(40)]);
    await operate(scheduler, offer, grow(volume(40), disk(10)), named(destroy(volume(50))));
    expect((await told(scheduler)).state).toBe('OPERATION_ERROR');
    await stage.told(ApplyOperationsV1);
  }),
  rule('§5.2 step 1: old form', 'resources in the old form go to the agent in the new one', async (stage) => {
    const { scheduler, offer } = await offered(stage, [scalar('disk', 100)], { info: withCapabilities() });
    await operate(scheduler, offer, reserve({ ...scalar('disk', 5), role: 'web', reservation: {} }));
    expect((await stage.told(ApplyOperationsV1)).info.reserve?.resources).toEqual([
      { ...disk(5), allocation_info: { role: 'web' } },
    ]);
  }),
];

/** Section 5.3: operations that change resources. */
export const operationRules: readonly Rule[] = [...onePerOperation, ...together];
