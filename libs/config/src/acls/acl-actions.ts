/** What an action is done to, and what an entry may name of that. */
export interface AclAction {
  /** Key of the entity beside `principals` in an entry. */
  readonly objects: string;
  /** Mesos' message of one entry, as its start-up errors name it. */
  readonly message: string;
  /** `roles`: a value may end in `/%`. `whole`: all or nothing, SOME is refused. `gone`: SOME is taken, and never matches. `values`: as they are. */
  readonly kind: 'roles' | 'values' | 'paths' | 'whole' | 'gone';
}

const on =
  (kind: AclAction['kind']) =>
  (objects: string, message: string): AclAction => ({ objects, message: `ACL.${message}`, kind });
const roles = (message: string): AclAction => on('roles')('roles', message);
const users = (message: string): AclAction => on('values')('users', message);
const whole = on('whole');
const values = on('values');

/** Every action that can be permitted or denied, by its key in the ACLs. @source formats §8.2 */
export const ACL_ACTIONS = {
  register_frameworks: roles('RegisterFramework'),
  run_tasks: users('RunTask'),
  teardown_frameworks: values('framework_principals', 'TeardownFramework'),
  reserve_resources: roles('ReserveResources'),
  unreserve_resources: values('reserver_principals', 'UnreserveResources'),
  create_volumes: roles('CreateVolume'),
  resize_volumes: roles('ResizeVolume'),
  destroy_volumes: values('creator_principals', 'DestroyVolume'),
  create_block_disks: roles('CreateBlockDisk'),
  destroy_block_disks: roles('DestroyBlockDisk'),
  create_mount_disks: roles('CreateMountDisk'),
  destroy_mount_disks: roles('DestroyMountDisk'),
  destroy_raw_disks: roles('DestroyRawDisk'),
  get_quotas: roles('GetQuota'),
  update_quotas: roles('UpdateQuota'),
  view_roles: roles('ViewRole'),
  update_weights: roles('UpdateWeight'),
  get_endpoints: on('paths')('paths', 'GetEndpoint'),
  view_frameworks: users('ViewFramework'),
  view_tasks: users('ViewTask'),
  view_executors: users('ViewExecutor'),
  access_sandboxes: users('AccessSandbox'),
  view_containers: users('ViewContainer'),
  attach_containers_input: users('AttachContainerInput'),
  attach_containers_output: users('AttachContainerOutput'),
  kill_nested_containers: users('KillNestedContainer'),
  wait_nested_containers: users('WaitNestedContainer'),
  remove_nested_containers: users('RemoveNestedContainer'),
  launch_nested_containers_as_user: users('LaunchNestedContainerAsUser'),
  launch_nested_container_sessions_as_user: users('LaunchNestedContainerSessionAsUser'),
  launch_nested_containers_under_parent_with_user: users('LaunchNestedContainerUnderParentWithUser'),
  launch_nested_container_sessions_under_parent_with_user: users('LaunchNestedContainerSessionUnderParentWithUser'),
  launch_standalone_containers: whole('users', 'LaunchStandaloneContainer'),
  kill_standalone_containers: whole('users', 'KillStandaloneContainer'),
  wait_standalone_containers: whole('users', 'WaitStandaloneContainer'),
  remove_standalone_containers: whole('users', 'RemoveStandaloneContainer'),
  view_standalone_containers: whole('users', 'ViewStandaloneContainer'),
  access_mesos_logs: whole('logs', 'AccessMesosLog'),
  view_flags: whole('flags', 'ViewFlags'),
  set_log_level: whole('level', 'SetLogLevel'),
  register_agents: whole('agents', 'RegisterAgent'),
  drain_agents: whole('agents', 'DrainAgent'),
  deactivate_agents: whole('agents', 'DeactivateAgent'),
  reactivate_agents: whole('agents', 'ReactivateAgent'),
  mark_agents_gone: on('gone')('agents', 'MarkAgentGone'),
  update_maintenance_schedules: whole('machines', 'UpdateMaintenanceSchedule'),
  get_maintenance_schedules: whole('machines', 'GetMaintenanceSchedule'),
  start_maintenances: whole('machines', 'StartMaintenance'),
  stop_maintenances: whole('machines', 'StopMaintenance'),
  get_maintenance_statuses: whole('machines', 'GetMaintenanceStatus'),
  modify_resource_provider_configs: whole('resource_providers', 'ModifyResourceProviderConfig'),
  mark_resource_providers_gone: whole('resource_providers', 'MarkResourceProvidersGone'),
  view_resource_providers: whole('resource_providers', 'ViewResourceProvider'),
  prune_images: whole('images', 'PruneImages'),
} satisfies Readonly<Record<string, AclAction>>;

/** Key of an action: `update_quotas`. */
export type AclActionName = keyof typeof ACL_ACTIONS;

export const ACL_ACTION_NAMES = Object.keys(ACL_ACTIONS) as readonly AclActionName[];

/** Endpoints that `get_endpoints` is about. */
export const AUTHORIZABLE_PATHS: readonly string[] = [
  '/containers',
  '/containerizer/debug',
  '/files/debug',
  '/logging/toggle',
  '/metrics/snapshot',
  '/monitor/statistics',
];
