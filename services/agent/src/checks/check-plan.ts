import {
  type CheckInfo,
  type CheckStatusInfo,
  type CommandInfo,
  type Double,
  doubleToNumber,
  type HealthCheck,
} from '@tranche/mesos-api';

/** What is looked at. */
export type CheckTarget =
  | { readonly kind: 'command'; readonly command: CommandInfo }
  | {
      readonly kind: 'http';
      readonly scheme: string;
      /** `127.0.0.1` or `::1`: the task's own, as seen from within its network. */
      readonly host: string;
      readonly port: number;
      readonly path: string;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** When it is looked at. Milliseconds. */
export interface CheckPace {
  /** From the start of the task to the first look. */
  readonly delayMs: number;
  /** From the end of one look to the next. */
  readonly intervalMs: number;
  /** Infinity for none. */
  readonly timeoutMs: number;
}

export interface CheckPlan {
  readonly target: CheckTarget;
  readonly pace: CheckPace;
}

export interface HealthPlan extends CheckPlan {
  /** Failures within this time of the task's start do not count, until the first success. */
  readonly graceMs: number;
  /** So many counted failures in a row end the task. */
  readonly maxFailures: number;
}

const LOOPBACK = { IPv4: '127.0.0.1', IPv6: '::1' } as const;

/** @source `HealthCheck`: defaults; scheduler API §11 */
export function healthPlanOf(check: HealthCheck): HealthPlan {
  return {
    target: healthTargetOf(check),
    pace: paceOf(check),
    graceMs: toMs(check.grace_period_seconds, 10),
    maxFailures: check.consecutive_failures ?? 3,
  };
}

/** @source `CheckInfo`: defaults; scheduler API §11 */
export function checkPlanOf(check: CheckInfo): CheckPlan {
  const { type, command, http, tcp } = check;
  const host = LOOPBACK.IPv4;
  const target = ((): CheckTarget => {
    if (type === 'HTTP') return { kind: 'http', scheme: 'http', host, port: http?.port ?? 0, path: http?.path ?? '' };
    if (type === 'TCP') return { kind: 'tcp', host, port: tcp?.port ?? 0 };
    return { kind: 'command', command: command?.command ?? {} };
  })();
  return { target, pace: paceOf(check) };
}

/** The status of a check that has no result. */
export function noResultOf({ type }: CheckInfo): CheckStatusInfo {
  if (type === 'HTTP') return { type, http: {} };
  if (type === 'TCP') return { type, tcp: {} };
  return { type: 'COMMAND', command: {} };
}

function healthTargetOf({ type, command, http, tcp }: HealthCheck): CheckTarget {
  if (type === 'HTTP' || (type === undefined && http !== undefined)) {
    const { scheme = 'http', protocol = 'IPv4', port = 0, path = '' } = http ?? {};
    return { kind: 'http', scheme, host: LOOPBACK[protocol], port, path };
  }
  if (type === 'TCP' || (type === undefined && tcp !== undefined)) {
    return { kind: 'tcp', host: LOOPBACK[tcp?.protocol ?? 'IPv4'], port: tcp?.port ?? 0 };
  }
  return { kind: 'command', command: command ?? {} };
}

function paceOf(check: Pick<CheckInfo, 'delay_seconds' | 'interval_seconds' | 'timeout_seconds'>): CheckPace {
  const timeoutMs = toMs(check.timeout_seconds, 20);
  return {
    delayMs: toMs(check.delay_seconds, 15),
    intervalMs: toMs(check.interval_seconds, 10),
    timeoutMs: timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs,
  };
}

const toMs = (seconds: Double | undefined, fallback: number): number => doubleToNumber(seconds ?? fallback) * 1000;
