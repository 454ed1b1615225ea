import type { AclActionName } from '@tranche/config';
import type { AskedAction } from '@tranche/http';
import type { AgentCall, AgentCallType, CommandInfo, ContainerID } from '@tranche/mesos-api';
import type { ParentContainers } from '../../containers/parent-containers.js';
import type { ContainerUsers } from '../container-users.js';

type Users = Pick<ContainerUsers, 'of'>;

interface Scene {
  /** Whose containers are. */
  readonly users: Users;
  /** As whom they run. */
  readonly parents: Pick<ParentContainers, 'find'>;
}

type Asked = (call: AgentCall, scene: Scene) => readonly AskedAction[];

const SESSION: readonly AclActionName[] = [
  'launch_nested_container_sessions_as_user',
  'launch_nested_container_sessions_under_parent_with_user',
];
const NESTED: readonly AclActionName[] = [
  'launch_nested_containers_as_user',
  'launch_nested_containers_under_parent_with_user',
];

/** What is done to a container within others is asked of the executor around it, what to one that stands alone of no user. */
const toContainer =
  (nested: AclActionName, standalone: AclActionName) =>
  (id: ContainerID | undefined, users: Users): readonly AskedAction[] =>
    id === undefined || id.parent === undefined ? [[standalone]] : [[nested, userOf(id, users)]];

const wait = toContainer('wait_nested_containers', 'wait_standalone_containers');
const kill = toContainer('kill_nested_containers', 'kill_standalone_containers');
const remove = toContainer('remove_nested_containers', 'remove_standalone_containers');

/** What whoever sends a call must be permitted, or it is refused. Lists are filtered instead; files are asked for where they are found. @source formats §8.2 */
const ASKED: Readonly<Partial<Record<AgentCallType, Asked>>> = {
  GET_FLAGS: () => [['view_flags']],
  SET_LOGGING_LEVEL: () => [['set_log_level']],
  LAUNCH_CONTAINER: ({ launch_container }, scene) => launch(NESTED, launch_container, scene),
  LAUNCH_NESTED_CONTAINER: ({ launch_nested_container }, scene) => launch(NESTED, launch_nested_container, scene),
  LAUNCH_NESTED_CONTAINER_SESSION: ({ launch_nested_container_session }, scene) =>
    launch(SESSION, launch_nested_container_session, scene),
  WAIT_CONTAINER: ({ wait_container }, { users }) => wait(wait_container?.container_id, users),
  WAIT_NESTED_CONTAINER: ({ wait_nested_container }, { users }) => wait(wait_nested_container?.container_id, users),
  KILL_CONTAINER: ({ kill_container }, { users }) => kill(kill_container?.container_id, users),
  KILL_NESTED_CONTAINER: ({ kill_nested_container }, { users }) => kill(kill_nested_container?.container_id, users),
  REMOVE_CONTAINER: ({ remove_container }, { users }) => remove(remove_container?.container_id, users),
  REMOVE_NESTED_CONTAINER: ({ remove_nested_container }, { users }) =>
    remove(remove_nested_container?.container_id, users),
  ATTACH_CONTAINER_INPUT: ({ attach_container_input }, { users }) => [
    ['attach_containers_input', userOf(attach_container_input?.container_id, users)],
  ],
  ATTACH_CONTAINER_OUTPUT: ({ attach_container_output }, { users }) => [
    ['attach_containers_output', userOf(attach_container_output?.container_id, users)],
  ],
  PRUNE_IMAGES: () => [['prune_images']],
  GET_RESOURCE_PROVIDERS: () => [['view_resource_providers']],
  ADD_RESOURCE_PROVIDER_CONFIG: () => [['modify_resource_provider_configs']],
  UPDATE_RESOURCE_PROVIDER_CONFIG: () => [['modify_resource_provider_configs']],
  REMOVE_RESOURCE_PROVIDER_CONFIG: () => [['modify_resource_provider_configs']],
  MARK_RESOURCE_PROVIDER_GONE: () => [['mark_resource_providers_gone']],
};

/** @returns empty for a call that everybody may send */
export const askedByAgentCall = (
  call: AgentCall & { readonly type: AgentCallType },
  scene: Scene,
): readonly AskedAction[] => ASKED[call.type]?.(call, scene) ?? [];

interface Launch {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo;
}

/**
 * One within others runs as whom it says, else as the container that it is directly in: a task of a group, say, whose executor at the root is
 * another's. Both that user and the executor's must be permitted. Nothing runs in one that is over: there the executor's is asked for alone.
 */
function launch(
  [asUser, underParent]: readonly AclActionName[],
  asked: Launch | undefined,
  { users, parents }: Scene,
): readonly AskedAction[] {
  const parent = asked?.container_id.parent;
  if (asUser === undefined || underParent === undefined || parent === undefined)
    return [['launch_standalone_containers']];
  const user = userOf(parent, users);
  return [
    [asUser, asked?.command?.user ?? parents.find(parent)?.user ?? user],
    [underParent, user],
  ];
}

function userOf(id: ContainerID | undefined, users: Users): string | undefined {
  const owner = id && users.of(id);
  return owner?.kind === 'executor' ? owner.user : undefined;
}
