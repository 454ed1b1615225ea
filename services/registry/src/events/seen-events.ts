import type { Sight } from '@tranche/http';
import type { ClusterModel } from '../model/cluster-model.js';
import { taskIsSeen, userOfFramework } from '../model/seen-parts.js';
import type { EventFilter } from './event-filter.js';

/** What of the events who may not see everything is told: not of what is forgotten, as nobody knows any more as whom it ran. */
export function seenEvents(model: Pick<ClusterModel, 'framework' | 'tasks'>, sight: Sight): EventFilter {
  return ({ frameworkId, taskId }) => {
    // It is about an agent.
    if (frameworkId === undefined) return true;
    const user = userOfFramework(model, frameworkId);
    if (taskId === undefined) return user !== undefined && sight.framework(user);
    return model.tasks(taskId).some((task) => task.record.frameworkId === frameworkId && taskIsSeen(sight, task, user));
  };
}
