/** Units of Mesos' durations in nanoseconds, largest first. */
const UNITS = [
  ['weeks', 604_800e9],
  ['days', 86_400e9],
  ['hrs', 3_600e9],
  ['mins', 60e9],
  ['secs', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
] as const;

const NS_PER_MS = 1e6;

/** As Mesos prints a duration: in the largest unit that gives a whole number, `15secs`, `10mins`, `2weeks`. */
export function durationText(ms: number): string {
  const ns = ms * NS_PER_MS;
  const [unit, size] = UNITS.find(([, size]) => ns >= size && ns % size === 0) ?? ['ns', 1];
  return `${ns / size}${unit}`;
}

export type ParsedDuration =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly error: string };

/**
 * Reads `5secs`, `1.5mins`.
 *
 * @returns Mesos' error text for anything else
 */
export function parseDuration(text: string): ParsedDuration {
  const digits = /^[\d.]*/.exec(text)?.[0] ?? '';
  const unit = text.slice(digits.length);
  if (unit === '') return { ok: false, error: `Invalid duration '${text}'` };
  const value = Number(digits);
  if (digits === '' || Number.isNaN(value)) return { ok: false, error: `Failed to convert '${digits}' to number` };
  const size = UNITS.find(([name]) => name === unit)?.[1];
  if (size === undefined) return { ok: false, error: `Unknown duration unit '${unit}'` };
  return { ok: true, ms: (value * size) / NS_PER_MS };
}
