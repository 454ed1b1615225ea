import type { AgentCall, ContainerID } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import type { ParentContainer } from '../../containers/parent-containers.js';
import type { ContainerOwner } from '../container-users.js';
import { askedByAgentCall } from './asked-by-agent-call.js';

/** The container `root` is an executor of alice's; within it are `task`, which runs as carol, and `over`, which runs no more. */
const users = {
  of: ({ value, parent }: ContainerID): ContainerOwner =>
    [value, parent?.value, parent?.parent?.value].includes('root')
      ? { kind: 'executor', user: 'alice' }
      : { kind: 'standalone' },
};
const parents = {
  find: ({ value }: ContainerID): ParentContainer | undefined => {
    const user = { root: 'alice', task: 'carol' }[value];
    return user === undefined ? undefined : { containerId: value, sandbox: `/${value}`, user, isApiContainer: false };
  },
};
const inTask = { container_id: { value: 'n', parent: { value: 'task', parent: { value: 'root' } } } };
const inOver = { container_id: { value: 'n', parent: { value: 'over', parent: { value: 'root' } } } };
const root = { value: 'root' };
const container_id = { value: 'n', parent: root };
const alone = { container_id: { value: 's' } };
const as = (user: string) => ({ container_id, command: { value: 'id', user } });

type Call = Parameters<typeof askedByAgentCall>[0];

const CASES: readonly (readonly [AgentCall, readonly (readonly [string, string?])[]])[] = [
  [{ type: 'GET_STATE' }, []],
  [{ type: 'GET_FLAGS' }, [['view_flags']]],
  [{ type: 'SET_LOGGING_LEVEL' }, [['set_log_level']]],
  [{ type: 'PRUNE_IMAGES' }, [['prune_images']]],
  [{ type: 'LAUNCH_CONTAINER', launch_container: alone }, [['launch_standalone_containers']]],
  ...(['launch_container', 'launch_nested_container'] as const).map(
    (member) =>
      [
        { type: member.toUpperCase() as 'LAUNCH_CONTAINER', [member]: as('bob') },
        [
          ['launch_nested_containers_as_user', 'bob'],
          ['launch_nested_containers_under_parent_with_user', 'alice'],
        ],
      ] as const,
  ),
  [
    { type: 'LAUNCH_NESTED_CONTAINER_SESSION', launch_nested_container_session: { container_id } },
    [
      ['launch_nested_container_sessions_as_user', 'alice'],
      ['launch_nested_container_sessions_under_parent_with_user', 'alice'],
    ],
  ],
  [
    { type: 'LAUNCH_NESTED_CONTAINER_SESSION', launch_nested_container_session: inTask },
    [
      ['launch_nested_container_sessions_as_user', 'carol'],
      ['launch_nested_container_sessions_under_parent_with_user', 'alice'],
    ],
  ],
  [
    { type: 'LAUNCH_NESTED_CONTAINER', launch_nested_container: inTask },
    [
      ['launch_nested_containers_as_user', 'carol'],
      ['launch_nested_containers_under_parent_with_user', 'alice'],
    ],
  ],
  [
    { type: 'LAUNCH_NESTED_CONTAINER', launch_nested_container: inOver },
    [
      ['launch_nested_containers_as_user', 'alice'],
      ['launch_nested_containers_under_parent_with_user', 'alice'],
    ],
  ],
  [{ type: 'WAIT_CONTAINER', wait_container: alone }, [['wait_standalone_containers']]],
  [{ type: 'WAIT_CONTAINER', wait_container: { container_id } }, [['wait_nested_containers', 'alice']]],
  [{ type: 'KILL_CONTAINER', kill_container: alone }, [['kill_standalone_containers']]],
  [{ type: 'KILL_NESTED_CONTAINER', kill_nested_container: { container_id } }, [['kill_nested_containers', 'alice']]],
  [{ type: 'REMOVE_CONTAINER', remove_container: alone }, [['remove_standalone_containers']]],
  [
    { type: 'REMOVE_NESTED_CONTAINER', remove_nested_container: { container_id } },
    [['remove_nested_containers', 'alice']],
  ],
  [
    { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: root } },
    [['attach_containers_output', 'alice']],
  ],
  [
    { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: { type: 'CONTAINER_ID', container_id: root } },
    [['attach_containers_input', 'alice']],
  ],
];

describe('askedByAgentCall', () => {
  it.each(CASES)('%j', (call, asked) => {
    expect(askedByAgentCall(call as Call, { users, parents })).toEqual(asked);
  });
});
