import type { ActionView, AgentRecord, BlockerView, DrainRecord } from '@tranche/contracts';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import { isTerminalState } from '@tranche/mesos-api';
import type { AgentEntry } from '../model/agent-entry.js';
import type { TaskEntry } from '../model/task-entry.js';
import { isoTime, liveTasks } from '../rest/agent-view.js';

/** So many tasks are named as being waited for; the rest are counted. */
const MAX_NAMED = 20;

/** An agent that is being emptied, or is empty by such an order. */
export interface DrainingAgent {
  readonly entry: AgentEntry;
  readonly known: KnownAgent;
  readonly drain: DrainRecord;
}

/** @returns undefined for an agent of which nobody has ordered it */
export function drainingAgent(entry: AgentEntry): DrainingAgent | undefined {
  const { known } = entry;
  const drain = known?.record.drain;
  return known === undefined || drain === undefined ? undefined : { entry, known, drain };
}

/** Of an order: repeated with other terms it stays the same, after an activation another one is another. */
export const actionId = (agentId: string, { startedAtMs }: DrainRecord): string =>
  `drain-${agentId}-${Math.trunc(startedAtMs).toString(36)}`;

/**
 * A drain as `/v1/actions` shows it: made of the agent's record, so it is there after a restart, until the agent is activated or forgotten.
 *
 * @param tasks that the agent still has: they live, or their end is not acknowledged
 */
export function drainAction({ entry, known, drain }: DrainingAgent, tasks: readonly TaskEntry[]): ActionView {
  const { record } = known;
  const left = liveTasks(entry);
  const total = Math.max(drain.tasks ?? left, left);
  const state = stateOf(record, drain);
  return {
    id: actionId(record.agentId, drain),
    kind: 'drain',
    state,
    agentId: record.agentId,
    agentHostname: record.hostname,
    progress: { done: state === 'running' ? total - left : total, total, unit: 'tasks' },
    blockers: state === 'running' ? blockersOf(known, tasks, left) : [],
    ...(state === 'failed'
      ? { error: { code: `agent-${record.state}`, text: `the agent is ${record.state}: ${record.stateReason ?? ''}` } }
      : {}),
    isCancellable: state === 'running' && isRegistered(known),
    startedAt: isoTime(drain.startedAtMs),
    ...endOf(record, drain, state),
  };
}

/** Who is gone before it was empty has not been drained: its tasks were ended without their grace. */
function stateOf({ state }: AgentRecord, drain: DrainRecord): Exclude<ActionView['state'], 'cancelled'> {
  if (drain.state === 'drained') return 'done';
  return state === 'gone' || state === 'removed' ? 'failed' : 'running';
}

function endOf(
  { stateSinceMs }: AgentRecord,
  { endedAtMs }: DrainRecord,
  state: ActionView['state'],
): Pick<ActionView, 'endedAt'> {
  const ms = state === 'failed' ? stateSinceMs : endedAtMs;
  return ms === undefined ? {} : { endedAt: isoTime(ms) };
}

function blockersOf(known: KnownAgent, tasks: readonly TaskEntry[], left: number): BlockerView[] {
  const { state, stateSinceMs } = known.record;
  const away: BlockerView[] = isRegistered(known)
    ? []
    : [
        {
          code: 'agent-away',
          text: `the agent is ${known.isRecovered ? 'not back yet' : state} since ${isoTime(stateSinceMs)}: it is told when it registers`,
        },
      ];
  const living = tasks.filter(({ record }) => !isTerminalState(record.state));
  const named = living.slice(0, MAX_NAMED).map(({ record }) => ({
    code: 'task-alive',
    text: `task ${record.taskId} of ${record.frameworkId} is ${record.state}`,
  }));
  const more = left - named.length;
  if (more > 0) named.push({ code: 'task-alive', text: `and ${more} more` });
  if (left > 0 || away.length > 0) return [...away, ...named];
  if (tasks.length === 0) return [{ code: 'updates-waiting', text: 'executors are still ending' }];
  return Array.from(
    Map.groupBy(tasks, ({ record }) => record.frameworkId),
    ([frameworkId, ended]) => ({
      code: 'updates-waiting',
      text: `framework ${frameworkId} has not acknowledged the end of ${namesOf(ended)}`,
    }),
  );
}

function namesOf(tasks: readonly TaskEntry[]): string {
  const names = tasks.slice(0, MAX_NAMED).map(({ record }) => record.taskId);
  const more = tasks.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
