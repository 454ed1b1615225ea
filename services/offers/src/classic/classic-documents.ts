import type { OfferRecord, TaskRecord } from '@tranche/contracts';
import type { Sight } from '@tranche/http';
import {
  type ClassicFramework,
  executorJson,
  frameworkJson,
  offerJson,
  type Resource,
  type Task as TaskDocument,
  taskJson,
} from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import type { Framework } from '../frameworks/framework.js';
import { seesTask } from '../rest/seen.js';
import { executorOf, type Task, userOf } from '../tasks/task.js';

/** Records are replaced when they change, never changed in place: so a text is good for as long as its record lives. */
const taskTexts = new WeakMap<TaskRecord, string>();
const offerTexts = new WeakMap<OfferRecord, string>();

/** A task of `/tasks` and `/frameworks`, rendered once for each of its states. */
export function taskText({ record }: Task): string {
  const known = taskTexts.get(record);
  if (known !== undefined) return known;
  const text = taskJson(taskDocument(record));
  taskTexts.set(record, text);
  return text;
}

function taskDocument({ info, frameworkId, agentId, state, statuses }: TaskRecord): TaskDocument {
  const { name, task_id, resources, executor, labels, discovery, container, health_check, limits } = info;
  const user = userOf(info, '');
  return {
    name,
    task_id,
    framework_id: { value: frameworkId },
    agent_id: { value: agentId },
    state,
    statuses,
    ...(executor === undefined ? {} : { executor_id: executor.executor_id }),
    ...(resources === undefined ? {} : { resources }),
    ...(labels === undefined ? {} : { labels }),
    ...(discovery === undefined ? {} : { discovery }),
    ...(container === undefined ? {} : { container }),
    ...(health_check === undefined ? {} : { health_check }),
    ...(limits === undefined ? {} : { limits }),
    ...(user === '' ? {} : { user }),
  };
}

function offerText(record: OfferRecord): string {
  const known = offerTexts.get(record);
  if (known !== undefined) return known;
  const { offerId, frameworkId, agentId, role, resources } = record;
  const text = offerJson({
    id: { value: offerId },
    framework_id: { value: frameworkId },
    agent_id: { value: agentId },
    allocation_info: { role },
    resources,
  });
  offerTexts.set(record, text);
  return text;
}

/** A framework of `/frameworks` with all that it has. @param sight of who may not see everything */
export function frameworkText(state: ClusterState, framework: Framework, sight?: Sight): string {
  const { frameworkId } = framework;
  const tasks = [...state.tasks.ofFramework(frameworkId)];
  const offers = state.offers.ofFramework(frameworkId);
  const live = tasks.filter(({ stage }) => stage === 'live');
  const seen = (all: readonly Task[]): readonly Task[] =>
    sight === undefined ? all : all.filter(({ record }) => seesTask(sight, state, record));
  return frameworkJson(
    classicFramework(
      framework,
      live.flatMap(({ held, heldForExecutor }) => [...held, ...heldForExecutor]),
      offers.flatMap(({ held }) => held),
    ),
    {
      tasks: seen(live).map(taskText),
      unreachableTasks: seen(tasks.filter(({ stage }) => stage === 'unreachable')).map(taskText),
      completedTasks: seen([...state.tasks.completedOf(frameworkId)]).map(taskText),
      offers: offers.map(({ record }) => offerText(record)),
      executors: executorTexts(live, framework.record.info.user, sight),
    },
  );
}

function classicFramework(
  { record }: Framework,
  usedResources: readonly Resource[],
  offeredResources: readonly Resource[],
): ClassicFramework {
  const { reregisteredAtMs, unregisteredAtMs, offerConstraints } = record;
  return {
    info: record.info,
    usedResources,
    offeredResources,
    active: record.active,
    connected: record.state === 'connected',
    recovered: record.state === 'recovered',
    registeredTimeSeconds: record.registeredAtMs / 1000,
    ...(reregisteredAtMs === undefined ? {} : { reregisteredTimeSeconds: reregisteredAtMs / 1000 }),
    ...(unregisteredAtMs === undefined ? {} : { unregisteredTimeSeconds: unregisteredAtMs / 1000 }),
    ...(offerConstraints === undefined ? {} : { offerConstraints }),
  };
}

function executorTexts(live: readonly Task[], user: string, sight: Sight | undefined): string[] {
  const texts = new Map<string, string>();
  for (const task of live) {
    const info = executorOf(task);
    if (info === undefined || sight?.executor(info.command?.user ?? user, user) === false) continue;
    const { agentId } = task.record;
    const key = `${agentId}/${info.executor_id.value}`;
    if (!texts.has(key)) texts.set(key, executorJson({ info, agentId }));
  }
  return [...texts.values()];
}
