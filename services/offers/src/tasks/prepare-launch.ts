import type {
  ExecutorInfo,
  HealthCheck,
  OfferOperation,
  OfferOperationLaunchGroup,
  Resource,
  TaskInfo,
} from '@tranche/mesos-api';
import { Resources, validateResources } from '@tranche/resources';
import type { GroupCandidate } from './group-rules/group-rule.js';
import type { LaunchCandidate } from './launch-rules/launch-rule.js';

/** The tasks of a LAUNCH or LAUNCH_GROUP. */
export const tasksOf = ({ launch, launch_group }: OfferOperation): readonly TaskInfo[] =>
  launch?.task_infos ?? launch_group?.task_group.tasks ?? [];

/** Why no task of a LAUNCH or LAUNCH_GROUP can be launched, in Mesos' words: the fault is in the operation or in any of its resources. */
export function launchOperationError(operation: OfferOperation): string | undefined {
  const ofGroup = validateResources(operation.launch_group?.executor.resources ?? []);
  if (ofGroup !== undefined) return ofGroup;
  for (const { resources, executor } of tasksOf(operation)) {
    const error = validateResources([...(resources ?? []), ...(executor?.resources ?? [])]);
    if (error !== undefined) return error;
  }
  return operation.id === undefined
    ? undefined
    : `The \`id\` field cannot be set on ${operation.type ?? ''} operations`;
}

/**
 * Reads a task to be launched, and fills in what clients may leave out: the role that its resources are allocated to, the framework of its
 * executor, the type of a health check that shows its type (scheduler API §5.2).
 *
 * @param info its resources are valid each in itself
 * @param role role of the offers
 */
export function candidateOf(info: TaskInfo, frameworkId: string, role: string): LaunchCandidate {
  const resources = allocated(info.resources ?? [], role);
  const executorResources = allocated(info.executor?.resources ?? [], role);
  return {
    info: {
      ...info,
      ...(info.resources === undefined ? {} : { resources: documentsOf(resources) }),
      ...(info.executor === undefined
        ? {}
        : { executor: withFramework(info.executor, frameworkId, documentsOf(executorResources)) }),
      ...(info.health_check === undefined ? {} : { health_check: withType(info.health_check) }),
    },
    resources,
    executorResources,
  };
}

/**
 * Reads a task group to be launched: its tasks get the group's executor unless they have one, resources the role they are allocated to.
 * Nothing else is filled in (scheduler API §5.2).
 *
 * @param group its resources are valid each in themselves
 * @param role role of the offers
 */
export function groupCandidateOf({ executor, task_group }: OfferOperationLaunchGroup, role: string): GroupCandidate {
  const executorResources = allocated(executor.resources ?? [], role);
  const ofGroup = withResources(executor, executorResources);
  return {
    executor: ofGroup,
    executorResources,
    tasks: (task_group.tasks ?? []).map((info) => {
      const own = info.executor;
      const resources = allocated(info.resources ?? [], role);
      return {
        info: {
          ...info,
          ...(info.resources === undefined ? {} : { resources: documentsOf(resources) }),
          executor: own === undefined ? ofGroup : withResources(own, allocated(own.resources ?? [], role)),
        },
        resources,
        executorResources,
      };
    }),
  };
}

const withResources = (executor: ExecutorInfo, resources: Resources): ExecutorInfo =>
  executor.resources === undefined ? executor : { ...executor, resources: documentsOf(resources) };

/** v1 documents in post-refinement form. */
export const documentsOf = (resources: Resources): Resource[] => resources.toJson();

function allocated(documents: readonly Resource[], role: string): Resources {
  return Resources.fromJson(
    documents.map((document) =>
      document.allocation_info?.role === undefined ? { ...document, allocation_info: { role } } : document,
    ),
  );
}

const withFramework = (executor: ExecutorInfo, frameworkId: string, resources: Resource[]): ExecutorInfo => ({
  ...executor,
  framework_id: executor.framework_id ?? { value: frameworkId },
  ...(executor.resources === undefined ? {} : { resources }),
});

function withType(check: HealthCheck): HealthCheck {
  if (check.type !== undefined || (check.command === undefined) === (check.http === undefined)) return check;
  return { ...check, type: check.command === undefined ? 'HTTP' : 'COMMAND' };
}
