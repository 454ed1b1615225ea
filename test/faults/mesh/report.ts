import type { LogEntry } from './history.js';
import type { Round } from './run-round.js';

/** What was on its way when the process was killed does not count as offers that flow again. */
const ON_ITS_WAY_MS = 100;
const SHOWN_VIOLATIONS = 10;
const SHOWN_TASKS = 3;

/** Milliseconds from each kill of a working allocator or offers, alone or amid other faults, to the next offers that the scheduler got. */
export function offersAgainMs(round: Round, service: string, isAlone: boolean): number[] {
  const offers = round.history.log.filter(({ kind }) => kind === 'offers');
  return round.inflicted
    .filter((one) => one.isAlone === isAlone)
    .filter(({ fault }) => fault.target === service && fault.kind === 'kill' && fault.which === 'active')
    .flatMap(({ atMs }) => {
      const next = offers.find((entry) => entry.atMs > atMs + ON_ITS_WAY_MS);
      return next === undefined ? [] : [next.atMs - atMs];
    });
}

/** What a round was, for people. */
export function summaryOf(round: Round): string[] {
  const { log, final } = round.history;
  const launches = log.filter((entry) => entry.kind === 'launch');
  const updates = log.filter((entry) => entry.kind === 'update');
  const counts = Map.groupBy(launches, ({ outcome }) => outcome);
  const faults = Map.groupBy(round.inflicted, ({ fault }) => fault.kind);
  const sizes = (groups: ReadonlyMap<string, readonly unknown[]>): string =>
    [...groups].map(([name, of]) => `${of.length} ${name}`).join(', ');
  return [
    `seed ${round.seed}: ${round.inflicted.length} faults (${sizes(faults)})`,
    `  launches: ${sizes(counts)}; updates: ${updates.length}; subscriptions: ${log.filter(({ kind }) => kind === 'subscribed').length}`,
    `  last states: ${sizes(Map.groupBy(final.tasks.values(), (state) => state))}`,
    `  again told after they were acknowledged: ${repeated(log)} updates`,
    `  books agreed, with tasks running: ${auditsText(round)}`,
    `  everything free: ${final.settledAfterMs === undefined ? 'no' : `${final.settledAfterMs} ms after the last task's end`}`,
  ];
}

/** Updates whose acknowledgement was accepted before they came once more: allowed, and to be few. */
function repeated(log: readonly LogEntry[]): number {
  const accepted = new Map<string, number>();
  for (const entry of log)
    if (entry.kind === 'acknowledge' && entry.outcome === 'accepted' && !accepted.has(entry.uuid))
      accepted.set(entry.uuid, entry.answeredAtMs);
  return log.filter(
    (entry) => entry.kind === 'update' && entry.atMs > (accepted.get(entry.uuid ?? '') ?? Number.POSITIVE_INFINITY),
  ).length;
}

const auditsText = ({ history: { audits } }: Round): string =>
  audits.map((audit) => ('differ' in audit ? 'no' : `after ${audit.tookMs} ms`)).join(', ') || 'never looked at';

/** Quantiles of the times until offers flow again, over rounds. */
export function distributionOf(rounds: readonly Round[], service: string): string {
  const of = (isAlone: boolean): string =>
    quantiles(rounds.flatMap((round) => offersAgainMs(round, service, isAlone)).toSorted((a, b) => a - b));
  return `offers again after a kill of the active ${service}: ${of(true)}; amid other faults: ${of(false)}`;
}

function quantiles(sorted: readonly number[]): string {
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return sorted.length === 0
    ? 'no sample'
    : `n ${sorted.length}, min ${at(0)}, p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} ms`;
}

/** What was broken, with all that is known of the tasks concerned, and how to see it again. */
export function failureText(round: Round, { minutes, partitions }: { minutes: number; partitions: number }): string {
  const { violations, history } = round;
  const taskIds = [...new Set(violations.flatMap(({ taskId }) => taskId ?? []))];
  return [
    `${violations.length} violations with seed ${round.seed}`,
    ...violations
      .slice(0, SHOWN_VIOLATIONS)
      .map(({ rule, taskId, detail }) => `${rule}: ${taskId ?? 'the cluster'}: ${detail}`),
    ...taskIds.slice(0, SHOWN_TASKS).flatMap((taskId) => [
      `history of ${taskId}:`,
      ...[
        ...history.log
          .filter((entry) => 'taskId' in entry && entry.taskId === taskId)
          .map((entry) => ({ atMs: entry.atMs, text: JSON.stringify({ ...entry, atMs: undefined }) })),
        ...(history.evidence.get(taskId)?.starts ?? []).map(({ atMs, sandbox }) => ({
          atMs,
          text: `began in ${sandbox}`,
        })),
        ...(history.evidence.get(taskId)?.ends ?? []).map(({ atMs, how }) => ({ atMs, text: `its command: ${how}` })),
        ...round.inflicted.map(({ atMs, victim, fault }) => ({
          atMs,
          text: `fault: ${fault.kind} ${victim} for ${fault.holdMs} ms`,
        })),
      ]
        .toSorted((a, b) => a.atMs - b.atMs)
        .map(({ atMs, text }) => `  ${new Date(atMs).toISOString().slice(11, 23)} ${text}`),
    ]),
    `again: npm run test:faults -- --minutes ${minutes} --seed ${round.seed}${partitions === 1 ? '' : ` --partitions ${partitions}`} --keep`,
  ].join('\n');
}
