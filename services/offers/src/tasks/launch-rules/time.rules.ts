import { type DurationInfo, toNanos } from '@tranche/mesos-api';
import type { LaunchRule } from './launch-rule.js';

/** Rule 4. */
export const killPolicyIsValid: LaunchRule = ({ info }) =>
  isNegative(info.kill_policy?.grace_period) ? "Task's 'kill_policy.grace_period' must be non-negative" : undefined;

/** Rule 5. */
export const completionTimeIsValid: LaunchRule = ({ info }) =>
  isNegative(info.max_completion_time) ? "Task's `max_completion_time` must be non-negative" : undefined;

export const isNegative = (duration: DurationInfo | undefined): boolean =>
  duration !== undefined && toNanos(duration) < 0n;
