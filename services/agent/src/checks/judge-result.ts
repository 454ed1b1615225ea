import type { CheckStatusInfo } from '@tranche/mesos-api';
import type { ProbeResult } from './probe.port.js';

/** Whether a result is that of a healthy task. @source scheduler API §11: HTTP success = 200–399, statuses ignored */
export function isHealthy(result: ProbeResult): boolean {
  switch (result.kind) {
    case 'command':
      return result.exitCode === 0;
    case 'http':
      return result.statusCode !== undefined && result.statusCode >= 200 && result.statusCode < 400;
    case 'tcp':
      return result.succeeded === true;
  }
}

/** A result as a check's status tells it; empty members where there was none. */
export function checkStatusOf(result: ProbeResult): CheckStatusInfo {
  switch (result.kind) {
    case 'command':
      return { type: 'COMMAND', command: result.exitCode === undefined ? {} : { exit_code: result.exitCode } };
    case 'http':
      return { type: 'HTTP', http: result.statusCode === undefined ? {} : { status_code: result.statusCode } };
    case 'tcp':
      return { type: 'TCP', tcp: result.succeeded === undefined ? {} : { succeeded: result.succeeded } };
  }
}

/** Whether two statuses of one check say the same. */
export const isSameCheckStatus = (one: CheckStatusInfo | undefined, other: CheckStatusInfo): boolean =>
  one?.command?.exit_code === other.command?.exit_code &&
  one?.http?.status_code === other.http?.status_code &&
  one?.tcp?.succeeded === other.tcp?.succeeded;
