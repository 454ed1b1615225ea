import type { Sight } from '@tranche/http';
import type { ExecutorInfo } from '@tranche/mesos-api';
import type { ClusterModel } from './cluster-model.js';
import type { TaskEntry } from './task-entry.js';

/** @param frameworkUser undefined: its framework is forgotten */
export const taskIsSeen = (
  sight: Sight | undefined,
  { record }: { readonly record: Pick<TaskEntry['record'], 'user'> },
  frameworkUser: string | undefined,
): boolean => sight === undefined || sight.task(record.user, frameworkUser);

export const executorIsSeen = (sight: Sight | undefined, { command }: ExecutorInfo, frameworkUser: string): boolean =>
  sight === undefined || sight.executor(command?.user ?? frameworkUser, frameworkUser);

/** As whom a framework runs tasks that do not say otherwise; undefined when it is forgotten. */
export const userOfFramework = (model: Pick<ClusterModel, 'framework'>, frameworkId: string): string | undefined =>
  model.framework(frameworkId)?.record.info.user;
