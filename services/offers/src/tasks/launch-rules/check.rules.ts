import { type CheckInfo, type CommandInfo, type Double, doubleToNumber, type HealthCheck } from '@tranche/mesos-api';
import { environmentError } from './environment.rules.js';
import type { LaunchRule } from './launch-rule.js';

/** Rule 6. */
export const checkIsValid: LaunchRule = ({ info }) => prefixed('Task uses invalid check: ', checkError(info.check));

/** Rule 7. */
export const healthCheckIsValid: LaunchRule = ({ info }) =>
  prefixed('Task uses invalid health check: ', healthCheckError(info.health_check));

/** @source scheduler API §11; texts of Mesos 1.11 */
function checkError(check: CheckInfo | undefined): string | undefined {
  if (check === undefined) return undefined;
  const { type, command, http, tcp } = check;
  if (type === undefined) return "CheckInfo must specify 'type'";
  const error = ((): string | undefined => {
    switch (type) {
      case 'COMMAND':
        if (command === undefined) return "Expecting 'command' to be set for COMMAND check";
        return commandError(command.command, 'Command check', "Check's");
      case 'HTTP':
        if (http === undefined) return "Expecting 'http' to be set for HTTP check";
        return pathError(http.path, 'check');
      case 'TCP':
        return tcp === undefined ? "Expecting 'tcp' to be set for TCP check" : undefined;
      case 'UNKNOWN':
        return "'UNKNOWN' is not a valid check type";
    }
  })();
  return error ?? negativeSeconds(check, ['delay_seconds', 'interval_seconds', 'timeout_seconds']);
}

function healthCheckError(check: HealthCheck | undefined): string | undefined {
  if (check === undefined) return undefined;
  const { type, command, http, tcp } = check;
  if (type === undefined) return "HealthCheck must specify 'type'";
  const error = ((): string | undefined => {
    switch (type) {
      case 'COMMAND':
        if (command === undefined) return "Expecting 'command' to be set for COMMAND health check";
        return commandError(command, 'Command health check', "Health check's");
      case 'HTTP':
        if (http === undefined) return "Expecting 'http' to be set for HTTP health check";
        if (http.scheme !== undefined && http.scheme !== 'http' && http.scheme !== 'https') {
          return `Unsupported HTTP health check scheme: '${http.scheme}'`;
        }
        return pathError(http.path, 'health check');
      case 'TCP':
        return tcp === undefined ? "Expecting 'tcp' to be set for TCP health check" : undefined;
      case 'UNKNOWN':
        return "'UNKNOWN' is not a valid health check type";
    }
  })();
  return (
    error ?? negativeSeconds(check, ['delay_seconds', 'grace_period_seconds', 'interval_seconds', 'timeout_seconds'])
  );
}

function commandError(command: CommandInfo, subject: string, owner: string): string | undefined {
  if (command.value === undefined) {
    return `${subject} must contain ${(command.shell ?? true) ? "'shell command'" : "'executable path'"}`;
  }
  return prefixed(`${owner} \`CommandInfo\` is invalid: `, environmentError(command));
}

const pathError = (path: string | undefined, kind: string): string | undefined =>
  path === undefined || path.startsWith('/') ? undefined : `The path '${path}' of HTTP ${kind} must start with '/'`;

function negativeSeconds<K extends string>(
  check: { readonly [P in K]?: Double },
  members: readonly K[],
): string | undefined {
  const negative = members.find((member) => doubleToNumber(check[member] ?? 0) < 0);
  return negative === undefined ? undefined : `Expecting '${negative}' to be non-negative`;
}

const prefixed = (prefix: string, error: string | undefined): string | undefined =>
  error === undefined ? undefined : prefix + error;
