import { UsageError } from '../cli.errors.js';

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `250ms`, `30s`, `1.5h`, `2d`.
 *
 * @param what names the value in the error, `--timeout`
 * @returns milliseconds
 * @throws UsageError
 */
export function parseDurationMs(text: string, what: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text.trim()) ?? [];
  const unitMs = UNITS_MS[unit];
  if (number === undefined || unitMs === undefined) {
    throw new UsageError(`${what}: "${text}" is no duration`, ['durations are written 250ms, 30s, 10m, 2h or 1d']);
  }
  return Math.round(Number(number) * unitMs);
}

/** A span as people say it, in its largest whole unit: `12s`, `4m`, `3h`, `2d`. */
export function formatSpan(ms: number): string {
  const positive = Math.max(0, ms);
  for (const unit of ['d', 'h', 'm'] as const) {
    const unitMs = UNITS_MS[unit] ?? 1;
    if (positive >= unitMs) return `${Math.floor(positive / unitMs)}${unit}`;
  }
  return `${Math.floor(positive / 1000)}s`;
}

/** A span in its two largest units: `6d 23h`, `4m 12s`; the second is left out when it is none. */
export function formatLongSpan(ms: number): string {
  const large = formatSpan(ms);
  const unit = large.at(-1) ?? 's';
  const rest = Math.max(0, ms) - Number(large.slice(0, -1)) * (UNITS_MS[unit] ?? 1);
  const next = { d: 'h', h: 'm', m: 's' }[unit];
  const small = next === undefined ? 0 : Math.floor(rest / (UNITS_MS[next] ?? 1));
  return small === 0 ? large : `${large} ${small}${next}`;
}

/** Seconds with one decimal, for what somebody watches: `6.8 s`; minutes from ten of them on. */
export function formatSeconds(ms: number): string {
  return ms < 600_000 ? `${(ms / 1000).toFixed(1)} s` : formatSpan(ms);
}
