import {
  agentStateJson,
  type ClassicAgentExecutor,
  type ClassicAgentFramework,
  type ClassicVersion,
  type FrameworkInfo,
  fromMs,
  type Task,
} from '@tranche/mesos-api';
import { agentPid } from '@tranche/contracts';
import type { Sight } from '@tranche/http';
import type { AgentSelf } from '../agent-self.js';
import type { AgentFramework, AgentState } from '../checkpoint/agent-state.js';
import { type AgentExecutor, isStandingAlone, userOfExecutor } from '../executors/agent-executor.js';
import type { AgentPaths } from '../paths.js';
import type { DrainOrder } from '../draining/drain-agent.js';
import { AGENT_CAPABILITIES, type AgentEquipment } from '../registration/describe-agent.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { executorName, userOf } from '../tasks/command/command-task.js';
import { isTerminal } from '../tasks/task-state.js';

/** What the agent says of itself, fixed for its life. */
export interface AgentFacts {
  readonly self: AgentSelf;
  readonly equipment: AgentEquipment;
  /** What was unreadable of what the agent had written down, in words for the operator. */
  readonly findings: readonly string[];
  readonly version: ClassicVersion;
  /** Where its output goes, if that is a file. */
  readonly logFile: string | undefined;
  /** In Mesos' names and spelling; the port is known once the agent listens. */
  readonly flags: () => Readonly<Record<string, string>>;
}

/**
 * Body of the agent's `/state`, in Mesos' shape.
 *
 * A command task is shown as Mesos shows it: below an executor of its own, which holds what the task holds, since there is no separate
 * process. A framework without live tasks and executors is among the completed ones.
 */
export function agentDocument(
  state: AgentState,
  facts: AgentFacts,
  paths: AgentPaths,
  { drain, sight, seesFlags = true }: AgentReader = {},
): string {
  const { self, equipment, findings, version, flags, logFile } = facts;
  const live = [...state.tasks()].filter((task) => !isTerminal(task.state));
  const shown = shownFrameworks(state, paths, sight);
  return agentStateJson({
    version,
    startTimeSeconds: self.startedAtMs / 1000,
    ...(state.agentId === undefined ? {} : { id: state.agentId }),
    pid: agentPid(self),
    hostname: self.hostname,
    capabilities: AGENT_CAPABILITIES,
    ...(equipment.domain === undefined ? {} : { domain: equipment.domain }),
    totalResources: equipment.resources,
    ...(equipment.unavailable === undefined ? {} : { unavailableResources: equipment.unavailable }),
    allocatedResources: [...live, ...state.executors()].flatMap(({ info }) => info.resources ?? []),
    recoveryFindings: findings,
    attributes: equipment.attributes,
    ...(seesFlags
      ? { visible: { ...(logFile === undefined ? {} : { externalLogFile: logFile }), flags: flags() } }
      : {}),
    ...(sight === undefined ? {} : { sees: sight.resource }),
    ...(drain === undefined ? {} : drainDocument(drain)),
    frameworks: shown.flatMap(({ isLive, document }) => (isLive ? [document] : [])),
    completedFrameworks: shown.flatMap(({ isLive, document }) => (isLive ? [] : [document])),
  });
}

/** What is shown besides what the agent has, and to whom. */
export interface AgentReader {
  readonly drain?: DrainOrder | undefined;
  /** Of who may not see everything. */
  readonly sight?: Sight | undefined;
  readonly seesFlags?: boolean;
}

/** A framework that has or had something on the agent. */
export interface ShownFramework {
  readonly isLive: boolean;
  readonly document: ClassicAgentFramework;
}

/** Every framework that the agent knows, with its executors, played ones among them. @param sight of who may not see everything */
export const shownFrameworks = (state: AgentState, paths: AgentPaths, sight?: Sight): ShownFramework[] =>
  seenFrameworks(state, sight).map((framework) => ({
    isLive: framework.tasks.size > 0 || framework.executors.running.size > 0,
    document: frameworkDocument(seenParts(framework, sight), (run) => directoryOf(run, state, paths)),
  }));

const seenFrameworks = ({ frameworks }: AgentState, sight: Sight | undefined): AgentFramework[] =>
  [...frameworks].filter(({ info }) => sight === undefined || sight.framework(info.user));

/** Whether a task of a framework that is seen is seen, too. */
export const taskIsSeen = (sight: Sight | undefined, { info }: AgentTask, { user }: FrameworkInfo): boolean =>
  sight === undefined || sight.task(info.command?.user ?? info.executor?.command?.user ?? user, user);

/** What the agent plays for a command task is an executor of the task's user. */
function seenParts(framework: AgentFramework, sight: Sight | undefined): AgentFramework {
  if (sight === undefined) return framework;
  const { info, tasks, completed, executors } = framework;
  const isSeen = (task: AgentTask): boolean =>
    taskIsSeen(sight, task, info) && (!isStandingAlone(task) || sight.executor(userOf(task.info, info), info.user));
  const executorIsSeen = (executor: AgentExecutor): boolean =>
    sight.executor(userOfExecutor(executor, info), info.user);
  return {
    ...framework,
    tasks: new Map([...tasks].filter(([, task]) => isSeen(task))),
    completed: completed.filter(isSeen),
    executors: {
      running: new Map([...executors.running].filter(([, executor]) => executorIsSeen(executor))),
      completed: executors.completed.filter(executorIsSeen),
    },
  };
}

function drainDocument({
  maxGraceMs,
  markGone,
  startedAtMs,
}: DrainOrder): Pick<Parameters<typeof agentStateJson>[0], 'drainConfig' | 'estimatedDrainStartTimeSeconds'> {
  const grace = maxGraceMs === undefined ? {} : { max_grace_period: fromMs(maxGraceMs) };
  return { drainConfig: { ...grace, mark_gone: markGone }, estimatedDrainStartTimeSeconds: startedAtMs / 1000 };
}

/** A run of an executor. */
type Run = Pick<AgentExecutor, 'frameworkId' | 'executorId' | 'containerId'>;

const directoryOf = (run: Run, state: AgentState, paths: AgentPaths): string =>
  paths.sandbox({ agentId: state.agentId ?? '', ...run });

function frameworkDocument(
  { info, frameworkId, tasks, completed, executors }: AgentFramework,
  directory: (run: Run) => string,
): ClassicAgentFramework {
  const all = [...tasks.values(), ...completed];
  const ofTask = (task: AgentTask): ClassicAgentExecutor => {
    const { containerId, taskId: executorId } = task;
    return commandExecutorDocument(task, info, directory({ frameworkId, executorId, containerId }));
  };
  const ofExecutor = (executor: AgentExecutor): ClassicAgentExecutor => {
    const own = all.filter(({ executorContainerId }) => executorContainerId === executor.containerId);
    return executorDocument(executor, own, info, directory(executor));
  };
  return {
    info: { ...info, id: { value: frameworkId } },
    executors: [
      ...[...tasks.values()].filter(isStandingAlone).map(ofTask),
      ...[...executors.running.values()].map(ofExecutor),
    ],
    completedExecutors: [...completed.filter(isStandingAlone).map(ofTask), ...executors.completed.map(ofExecutor)],
  };
}

/** The container of an executor holds what the executor and its live tasks hold. */
function executorDocument(
  { info, containerId }: AgentExecutor,
  tasks: readonly AgentTask[],
  framework: FrameworkInfo,
  directory: string,
): ClassicAgentExecutor {
  const live = tasks.filter(({ state }) => !isTerminal(state));
  const isQueued = (task: AgentTask): boolean => task.state === 'TASK_STAGING' && task.isDelivered !== true;
  return {
    info,
    containerId,
    directory,
    resources: [...(info.resources ?? []), ...live.flatMap((task) => task.info.resources ?? [])],
    tasks: live.filter((task) => !isQueued(task)).map((task) => taskDocument(task, framework)),
    queuedTasks: live.filter(isQueued).map((task) => task.info),
    completedTasks: tasks.filter(({ state }) => isTerminal(state)).map((task) => taskDocument(task, framework)),
  };
}

function commandExecutorDocument(task: AgentTask, framework: FrameworkInfo, directory: string): ClassicAgentExecutor {
  const { info, taskId, frameworkId, containerId, state } = task;
  const document = taskDocument(task, framework);
  const hasEnded = isTerminal(state);
  const isQueued = state === 'TASK_STAGING';
  return {
    info: {
      executor_id: { value: taskId },
      framework_id: { value: frameworkId },
      name: executorName(info),
      source: taskId,
      ...(info.resources === undefined ? {} : { resources: info.resources }),
      ...(info.labels === undefined ? {} : { labels: info.labels }),
    },
    containerId,
    directory,
    resources: hasEnded ? [] : (info.resources ?? []),
    tasks: hasEnded || isQueued ? [] : [document],
    queuedTasks: isQueued ? [info] : [],
    completedTasks: hasEnded ? [document] : [],
  };
}

/** A task as all documents show it. */
export function taskDocument(
  { info, frameworkId, executorId, state, statuses }: AgentTask,
  framework: FrameworkInfo,
): Task {
  const { name, task_id, agent_id, resources, labels, discovery, container, limits, health_check } = info;
  return {
    name,
    task_id,
    framework_id: { value: frameworkId },
    agent_id,
    ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
    state,
    statuses: [...statuses],
    ...(info.command?.user === undefined ? {} : { user: userOf(info, framework) }),
    ...(resources === undefined ? {} : { resources }),
    ...(labels === undefined ? {} : { labels }),
    ...(discovery === undefined ? {} : { discovery }),
    ...(container === undefined ? {} : { container }),
    ...(limits === undefined ? {} : { limits }),
    ...(health_check === undefined ? {} : { health_check }),
  };
}
