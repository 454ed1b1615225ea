import type { DurationInfo, TimeInfo } from '../generated/mesos.js';
import type { GoogleDuration } from '../generated/operator.js';
import { bigIntToInt64, int64ToBigInt } from '../scalars.js';

/**
 * Times and durations of v1 documents. `TimeInfo` and `DurationInfo` hold whole nanoseconds beyond 2^53, so sums on them
 * are done on `bigint`.
 */

const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds of a duration or of a time since the epoch. */
export function toNanos(value: DurationInfo | TimeInfo): bigint {
  return int64ToBigInt(value.nanoseconds);
}

/** Milliseconds, fractions included: for timers, not for sums. */
export function toMs(value: DurationInfo | TimeInfo): number {
  return Number(toNanos(value)) / Number(NANOS_PER_MS);
}

/** Document of a duration or time in nanoseconds. */
export function fromNanos(nanos: bigint): DurationInfo & TimeInfo {
  return { nanoseconds: bigIntToInt64(nanos) };
}

/** Document of a duration or time in milliseconds; fractions below a nanosecond are cut. */
export function fromMs(ms: number): DurationInfo & TimeInfo {
  const whole = Math.trunc(ms);
  return fromNanos(BigInt(whole) * NANOS_PER_MS + BigInt(Math.trunc((ms - whole) * Number(NANOS_PER_MS))));
}

/** Seconds since the epoch, as `TaskStatus.timestamp` and the classic endpoints have them. */
export function msToSeconds(ms: number): number {
  return ms / 1000;
}

/** Nanoseconds of a `google.protobuf.Duration`: what DRAIN_AGENT takes, in place of a `DurationInfo`. */
export function googleDurationToNanos(value: GoogleDuration): bigint {
  return int64ToBigInt(value.seconds ?? 0) * NANOS_PER_SECOND + BigInt(value.nanos ?? 0);
}

/** The same duration as a `google.protobuf.Duration`. */
export function nanosToGoogleDuration(nanos: bigint): GoogleDuration {
  return { seconds: bigIntToInt64(nanos / NANOS_PER_SECOND), nanos: Number(nanos % NANOS_PER_SECOND) };
}
