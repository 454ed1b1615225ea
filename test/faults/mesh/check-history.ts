import { isTerminalState, type TaskState } from '@tranche/mesos-api';
import { type Amounts, KINDS } from './amounts.js';
import type { History, LogEntry, TaskEvidence } from './history.js';

export const RULES = [
  'one-terminal-state',
  'runs-once',
  'told-as-it-happened',
  'acknowledged-is-kept',
  'never-backward',
  'refused-never-runs',
  'adds-up',
  'never-over-committed',
  'never-crashes',
] as const;

export interface Violation {
  readonly rule: (typeof RULES)[number];
  /** Absent: of the cluster as a whole. */
  readonly taskId?: string;
  readonly detail: string;
}

/** States that say that the task never ran. */
const NEVER_RAN: ReadonlySet<string> = new Set(['TASK_DROPPED', 'TASK_ERROR']);

type Update = Extract<LogEntry, { kind: 'update' }>;
type Launch = Extract<LogEntry, { kind: 'launch' }>;

/** All that is known of one task. */
interface TaskHistory {
  readonly launch: Launch;
  readonly updates: readonly Update[];
  readonly isKilled: boolean;
  /** The state of the last update that was acknowledged with success. */
  readonly acknowledged: readonly { readonly state: TaskState; readonly atMs: number }[];
  readonly evidence: TaskEvidence;
  readonly exitCode: number;
  readonly finalState: string | undefined;
}

/** @returns what was broken; nothing when the mesh kept its word */
export function checkHistory(history: History): Violation[] {
  const tasks = tasksOf(history);
  return [
    ...tasks.flatMap((task) => checkTask(task)),
    ...checkCommitment(history, tasks),
    ...history.audits.flatMap((audit) =>
      'differ' in audit ? [{ rule: 'adds-up', detail: `while tasks ran: ${audit.differ}` } as const] : [],
    ),
    ...history.crashes.map((detail) => ({ rule: 'never-crashes', detail }) as const),
    ...(history.final.settledAfterMs === undefined
      ? [{ rule: 'adds-up', detail: history.final.held.join('; ') || 'the cluster did not answer' } as const]
      : []),
  ];
}

function tasksOf({ log, evidence, exitCodes, final }: History): TaskHistory[] {
  const of = <K extends LogEntry['kind']>(kind: K): Map<string, Extract<LogEntry, { kind: K; taskId: string }>[]> =>
    Map.groupBy(
      log.filter((entry) => entry.kind === kind) as Extract<LogEntry, { kind: K; taskId: string }>[],
      ({ taskId }) => taskId,
    );
  const [updates, kills, acknowledgements] = [of('update'), of('kill'), of('acknowledge')];
  return [...of('launch').values()].flatMap(([launch]) => {
    if (launch === undefined) return [];
    const { taskId } = launch;
    return {
      launch,
      updates: updates.get(taskId) ?? [],
      isKilled: kills.has(taskId),
      acknowledged: (acknowledgements.get(taskId) ?? [])
        .filter(({ outcome }) => outcome === 'accepted')
        .map(({ state, answeredAtMs }) => ({ state, atMs: answeredAtMs })),
      evidence: evidence.get(taskId) ?? { taskId, starts: [], ends: [] },
      exitCode: exitCodes.get(taskId) ?? 0,
      finalState: final.tasks.get(taskId),
    };
  });
}

/**
 * Terminal states that were told. A launch whose answer was lost may be asked about before it arrives: that nobody knows the task then
 * says nothing of what becomes of it.
 */
function terminalStates({ launch, updates }: TaskHistory): TaskState[] {
  const terminal = updates.filter(({ state }) => isTerminalState(state));
  const isUnknown = ({ reason }: Update): boolean => reason === 'REASON_RECONCILIATION';
  const counted = launch.outcome === 'accepted' ? terminal : terminal.filter((update) => !isUnknown(update));
  return [...new Set((counted.length > 0 ? counted : terminal).map(({ state }) => state))];
}

function findTerminalFault(task: TaskHistory): string | undefined {
  const { launch, evidence } = task;
  const states = terminalStates(task);
  if (states.length > 1) return `has ended in ${states.join(' and ')}`;
  if (states.length === 1) return undefined;
  if (launch.outcome === 'accepted') return 'was accepted and no terminal state was told';
  return evidence.starts.length > 0 ? 'ran and no terminal state was told' : undefined;
}

const findSecondRun = ({ evidence }: TaskHistory): string | undefined =>
  evidence.starts.length > 1
    ? `began ${evidence.starts.length} times, in ${evidence.starts.map(({ sandbox }) => sandbox).join(' and ')}`
    : undefined;

function findUntruth(task: TaskHistory): string | undefined {
  const { evidence, exitCode, isKilled, updates } = task;
  const [state] = terminalStates(task);
  if (state === undefined) return undefined;
  const [hasBegun, hasEnded] = [evidence.starts.length > 0, evidence.ends.some(({ how }) => how === 'end')];
  if (hasBegun && NEVER_RAN.has(state)) return `${state} was told, but it ran`;
  if (!hasBegun && updates.some(({ state: told }) => told === 'TASK_RUNNING') && state === 'TASK_FINISHED')
    return 'TASK_FINISHED was told, but it never began';
  if (state === 'TASK_FINISHED' && !hasEnded) return 'TASK_FINISHED was told, but its command did not run to its end';
  const expected = exitCode === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
  if (hasEnded && !isKilled && state !== expected) return `${state} was told, but its command exited with ${exitCode}`;
  return undefined;
}

function findLostAcknowledgement({ acknowledged, finalState }: TaskHistory): string | undefined {
  const last = acknowledged.find(({ state }) => isTerminalState(state));
  if (last === undefined || finalState === last.state) return undefined;
  return `${last.state} was acknowledged, but the cluster has ${finalState ?? 'no such task'}`;
}

const RANK: Readonly<Partial<Record<TaskState, number>>> = {
  TASK_STAGING: 0,
  TASK_STARTING: 1,
  TASK_RUNNING: 2,
  TASK_KILLING: 3,
};
const rankOf = (state: TaskState): number | undefined => (isTerminalState(state) ? 4 : RANK[state]);

/** An update that was acknowledged is over: nothing before it may be told as new. */
function findStepBack({ launch, acknowledged, updates }: TaskHistory): string | undefined {
  if (launch.outcome !== 'accepted') return undefined;
  for (const { state, atMs } of acknowledged) {
    const after = updates.find(
      (update) => update.atMs > atMs + IN_FLIGHT_MS && (rankOf(update.state) ?? 4) < (rankOf(state) ?? 0),
    );
    if (after !== undefined) return `${after.state} was told ${after.atMs - atMs} ms after ${state} was acknowledged`;
  }
  return undefined;
}

/** What was on its way to the scheduler when it acknowledged. */
const IN_FLIGHT_MS = 500;

const findRefusedRun = ({ launch, evidence }: TaskHistory): string | undefined =>
  (launch.outcome === 'refused' || launch.outcome === 'unsaid') && evidence.starts.length > 0
    ? `its launch was ${launch.outcome}, but it ran`
    : undefined;

const CHECKS: readonly (readonly [Violation['rule'], (task: TaskHistory) => string | undefined])[] = [
  ['one-terminal-state', findTerminalFault],
  ['runs-once', findSecondRun],
  ['told-as-it-happened', findUntruth],
  ['acknowledged-is-kept', findLostAcknowledgement],
  ['never-backward', findStepBack],
  ['refused-never-runs', findRefusedRun],
];

const checkTask = (task: TaskHistory): Violation[] =>
  CHECKS.flatMap(([rule, find]) => {
    const detail = find(task);
    return detail === undefined ? [] : [{ rule, taskId: task.launch.taskId, detail }];
  });

/** A task that ran, from its first line to its last. */
interface Run {
  readonly taskId: string;
  readonly has: Launch['has'];
  readonly startMs: number;
  readonly endMs: number;
}

/** At no moment do the tasks that run on an agent have more than it has, or two of them the same port. */
function checkCommitment({ agentTotals }: History, tasks: readonly TaskHistory[]): Violation[] {
  return [...Map.groupBy(tasks, ({ launch }) => launch.agentId)].flatMap(([agentId, own]) => {
    const runs = own.flatMap(({ launch: { taskId, has }, evidence }): Run[] => {
      // Without a line of its end it is not known how long it ran.
      const [startMs, endMs] = [evidence.starts[0]?.atMs, evidence.ends.at(-1)?.atMs];
      return startMs === undefined || endMs === undefined ? [] : [{ taskId, has, startMs, endMs }];
    });
    const total = agentTotals.get(agentId);
    const tooMuch = total === undefined ? [] : KINDS.flatMap((kind) => findTooMuch(runs, total, kind));
    return [...tooMuch, ...findSharedPorts(runs)].map((what) => ({
      rule: 'never-over-committed' as const,
      detail: `agent ${agentId} ${what}`,
    }));
  });
}

function findTooMuch(runs: readonly Run[], total: Amounts, kind: keyof Amounts): string[] {
  const changes = runs
    .flatMap(({ startMs, endMs, has }) => [
      { atMs: startMs, by: has[kind] },
      { atMs: endMs, by: -has[kind] },
    ])
    .toSorted((a, b) => a.atMs - b.atMs || a.by - b.by);
  let held = 0;
  let most = { atMs: 0, held: 0 };
  for (const { atMs, by } of changes) {
    held += by;
    if (held > most.held) most = { atMs, held };
  }
  return most.held > total[kind] ? [`has ${total[kind]} ${kind} and ran tasks of ${most.held} at ${most.atMs}`] : [];
}

function findSharedPorts(runs: readonly Run[]): string[] {
  const byPort = Map.groupBy(
    runs.flatMap((run) => run.has.portNumbers.map((port) => ({ port, run }))),
    ({ port }) => port,
  );
  return [...byPort].flatMap(([port, users]) => {
    const inOrder = users.map(({ run }) => run).toSorted((a, b) => a.startMs - b.startMs);
    const at = inOrder.findIndex(({ startMs }, i) => startMs < (inOrder[i - 1]?.endMs ?? 0));
    return at < 0 ? [] : [`gave port ${port} to ${inOrder[at - 1]?.taskId} and ${inOrder[at]?.taskId} at a time`];
  });
}
