import type { MasterCall, Resource } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { type OperatorRule, rule } from './operator-rule.js';
import type { OperatorStage } from './operator-stage.js';

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const reserved = (resource: Resource, ...roles: string[]): Resource => ({
  ...resource,
  reservations: (roles.length === 0 ? ['ops'] : roles).map((role) => ({ type: 'DYNAMIC' as const, role })),
});
const volume = (value: number, id = 'v'): Resource => ({
  ...reserved(scalar('disk', value)),
  disk: { persistence: { id }, volume: { container_path: 'data', mode: 'RW' } },
});
const on = (stage: OperatorStage, agentId = stage.agentId) => ({ agent_id: { value: agentId } });
const reserve = (stage: OperatorStage, ...resources: Resource[]): MasterCall => ({
  type: 'RESERVE_RESOURCES',
  reserve_resources: { ...on(stage), resources },
});
const unreserve = (stage: OperatorStage, ...resources: Resource[]): MasterCall => ({
  type: 'UNRESERVE_RESOURCES',
  unreserve_resources: { ...on(stage), resources },
});
const create = (stage: OperatorStage, ...volumes: Resource[]): MasterCall => ({
  type: 'CREATE_VOLUMES',
  create_volumes: { ...on(stage), volumes },
});
const destroy = (stage: OperatorStage, ...volumes: Resource[]): MasterCall => ({
  type: 'DESTROY_VOLUMES',
  destroy_volumes: { ...on(stage), volumes },
});

const ACCEPTED = [202, ''];

/** Does calls one after the other; each is accepted. */
async function all(stage: OperatorStage, ...calls: MasterCall[]): Promise<void> {
  for (const call of calls) expect(await stage.told(call)).toEqual(ACCEPTED);
}

/** A call that is refused so, and changes nothing. */
const refusal = (
  at: string,
  says: string,
  call: (stage: OperatorStage) => MasterCall,
  status: number,
  text: RegExp,
): OperatorRule =>
  rule(`§2.2 ${at}`, says, async (stage) => {
    const before = await stage.totalOf();
    expect(await stage.told(call(stage))).toEqual([status, expect.stringMatching(text)]);
    expect(await stage.totalOf()).toBe(before);
  });

const AGENT = String.raw`\S+ at slave\(1\)@127\.0\.0\.1:\d+ \(\S+\)`;

/** Reservations and volumes. @source operator API §2.2 */
export const OPERATION_RULES: readonly OperatorRule[] = [
  rule('§2.2 RESERVE_RESOURCES', 'what is free is reserved, and shown so', async (stage) => {
    await all(stage, reserve(stage, reserved(scalar('cpus', 1)), reserved(scalar('mem', 64))));
    expect(await stage.totalOf()).toContain('cpus:3; cpus(ops):1');
    await all(stage, unreserve(stage, reserved(scalar('cpus', 1)), reserved(scalar('mem', 64))));
    expect(await stage.totalOf()).not.toContain('ops');
  }),
  rule('§2.2 refined reservations', 'what is reserved is reserved again, further down', async (stage) => {
    const refined = reserved(scalar('cpus', 1), 'eng', 'eng/dev');
    await all(stage, reserve(stage, reserved(scalar('cpus', 1), 'eng')), reserve(stage, refined));
    expect(await stage.totalOf()).toContain('eng/dev');
    await all(stage, unreserve(stage, refined), unreserve(stage, reserved(scalar('cpus', 1), 'eng')));
    expect(await stage.totalOf()).not.toContain('eng');
  }),
  rule('§2.2 RESERVE source', 'what is reserved one way becomes reserved another way', async (stage) => {
    const [from, to] = [reserved(scalar('cpus', 1), 'a'), reserved(scalar('cpus', 1), 'b')];
    await all(stage, reserve(stage, from));
    await all(stage, {
      type: 'RESERVE_RESOURCES',
      reserve_resources: { ...on(stage), source: [from], resources: [to] },
    });
    expect(await stage.totalOf()).toContain('cpus(b):1');
    await all(stage, unreserve(stage, to));
  }),
  rule(
    '§2.2 CREATE_VOLUMES, GROW_VOLUME, SHRINK_VOLUME, DESTROY_VOLUMES',
    'volumes are made, resized and destroyed',
    async (stage) => {
      await all(stage, reserve(stage, reserved(scalar('disk', 100))), create(stage, volume(50)));
      await all(stage, {
        type: 'GROW_VOLUME',
        grow_volume: { ...on(stage), volume: volume(50), addition: reserved(scalar('disk', 20)) },
      });
      await all(stage, {
        type: 'SHRINK_VOLUME',
        shrink_volume: { ...on(stage), volume: volume(70), subtract: { value: 10 } },
      });
      expect(await stage.totalOf()).toContain('disk(ops):40; disk(ops)[v]:60');
      await all(stage, destroy(stage, volume(60)), unreserve(stage, reserved(scalar('disk', 100))));
    },
  ),
  rule('§2.2 rescind', 'offers on that agent that hold what is needed are taken back', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.offers.size).toBe(3);
    await all(stage, reserve(stage, reserved(scalar('cpus', 1))));
    await expect.poll(() => holder.rescinded).toBe(1);
    await all(stage, unreserve(stage, reserved(scalar('cpus', 1))));
  }),
  refusal(
    'unknown agent',
    'an agent that nobody knows is refused',
    (stage) => ({ type: 'RESERVE_RESOURCES', reserve_resources: { ...on(stage, 'nope'), resources: [] } }),
    400,
    /^No agent found with specified ID$/,
  ),
  refusal(
    'syntax',
    'an amount that is none is refused',
    (stage) => reserve(stage, reserved(scalar('cpus', -1))),
    400,
    /-1/,
  ),
  refusal(
    'role',
    'a role that is none is refused',
    (stage) => reserve(stage, reserved(scalar('cpus', 1), '-x')),
    400,
    /'-x'/,
  ),
  refusal(
    'RESERVE rule',
    'the rules of frameworks’ reservations hold, with where',
    (stage) => reserve(stage, scalar('cpus', 1)),
    400,
    new RegExp(`^Invalid RESERVE operation on agent ${AGENT}: Resource cpus:1 is not dynamically reserved$`),
  ),
  refusal(
    'allocation_info',
    'what is allocated to somebody is not for operators',
    (stage) => reserve(stage, { ...reserved(scalar('cpus', 1)), allocation_info: { role: 'ops' } }),
    400,
    /the operator API only allows reservations to be made to unallocated resources$/,
  ),
  refusal(
    'RESERVE source quantities',
    'source and target are as much of the same',
    (stage) => ({
      type: 'RESERVE_RESOURCES',
      reserve_resources: {
        ...on(stage),
        source: [reserved(scalar('cpus', 1), 'a')],
        resources: [reserved(scalar('cpus', 2), 'b')],
      },
    }),
    400,
    /Source and target resources should refer to identical resource quantities: cpus:1 vs. cpus:2$/,
  ),
  refusal(
    'UNRESERVE rule',
    'what is not reserved cannot be given back',
    (stage) => unreserve(stage, scalar('cpus', 1)),
    400,
    /^Invalid UNRESERVE operation: Resource cpus:1 is not dynamically reserved$/,
  ),
  refusal(
    'CREATE rule',
    'a volume has a disk, an id and a path',
    (stage) => create(stage, reserved(scalar('disk', 1))),
    400,
    new RegExp(`^Invalid CREATE operation on agent ${AGENT}: Not a persistent volume: `),
  ),
  refusal(
    'DESTROY rule',
    'a volume that is not there cannot be destroyed',
    (stage) => destroy(stage, volume(7, 'none')),
    400,
    /^Invalid DESTROY operation: Persistent volumes not found$/,
  ),
  refusal(
    'GROW_VOLUME agent_id',
    'the agent has to be named',
    () => ({ type: 'GROW_VOLUME', grow_volume: { volume: volume(1), addition: scalar('disk', 1) } }),
    400,
    /agent_id/,
  ),
  refusal(
    'SHRINK_VOLUME rule',
    'something of a volume is left',
    (stage) => ({ type: 'SHRINK_VOLUME', shrink_volume: { ...on(stage), volume: volume(1), subtract: { value: 1 } } }),
    400,
    /must be smaller than the size of 'ShrinkVolume.volume'$/,
  ),
  refusal(
    '409',
    'more than is free cannot be taken',
    (stage) => reserve(stage, reserved(scalar('cpus', 99_999))),
    409,
    /cpus:4; mem:4096; .*does not contain cpus:99999$/,
  ),
  refusal(
    '409 reserved',
    'a reservation that is not there cannot be given back',
    (stage) => unreserve(stage, reserved(scalar('cpus', 1), 'none')),
    409,
    /does not contain cpus\(reservations: \[\(DYNAMIC,none\)\]\):1$/,
  ),
  rule('§2.2 resources in use', 'what tasks hold cannot be reserved', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const { slaves } = await stage.json<{ slaves: { id: string; used_resources: { cpus: number } }[] }>('/slaves');
    const busy = slaves.find(({ used_resources }) => used_resources.cpus > 0)?.id ?? '';
    const resources = [reserved(scalar('cpus', 4))];
    const [status, text] = await stage.told({
      type: 'RESERVE_RESOURCES',
      reserve_resources: { ...on(stage, busy), resources },
    });
    expect([status, text]).toEqual([409, expect.stringMatching(/cpus:3\.9; .*does not contain cpus:4$/)]);
  }),
];
