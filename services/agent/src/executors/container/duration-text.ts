const UNITS = [
  ['weeks', 7 * 24 * 3_600_000],
  ['days', 24 * 3_600_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1_000],
] as const;

/** A duration as Mesos prints it: in the largest unit of which it is at least one, `5secs`, `1mins`, `1.5mins`, `250ms`. @source stout's Duration */
export function durationText(ms: number): string {
  const [name, unit] = UNITS.find(([, size]) => ms >= size) ?? ['ms', 1];
  return `${Number((ms / unit).toPrecision(15))}${name}`;
}
