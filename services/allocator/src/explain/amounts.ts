import type { AmountsByName } from '@tranche/contracts';
import { fromMilli, type Quantities } from '@tranche/resources';

const BYTES_PER_MB = 2 ** 20;
const BYTES: Readonly<Record<string, string>> = { mem: 'memBytes', disk: 'diskBytes' };

/** For the API: sizes in bytes, ports counted. */
export function amountsOf(quantities: Iterable<readonly [name: string, milli: number]>): AmountsByName {
  return Object.fromEntries(Array.from(quantities, ([name, milli]) => [BYTES[name] ?? name, amountOf(name, milli)]));
}

/** @param milli thousandths of the resource's own unit */
export function amountOf(name: string, milli: number): number {
  return fromMilli(milli) * (BYTES[name] === undefined ? 1 : BYTES_PER_MB);
}

/** `cpus 2 · mem 64 MiB`, for people. */
export function quantitiesText(quantities: Quantities): string {
  const parts = Array.from(quantities, ([name, milli]) => `${name} ${milliText(name, milli)}`);
  return parts.length === 0 ? 'nothing' : parts.join(' · ');
}

/** `2`, `64 MiB`. */
export function milliText(name: string, milli: number): string {
  if (BYTES[name] === undefined) return String(fromMilli(milli));
  const units = ['MiB', 'GiB', 'TiB', 'PiB'];
  let value = fromMilli(milli);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}

/** `87 s`, `4m 12s`, `6d 23h`: from two minutes on the two largest units. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** `2 draining, 1 unreachable`: how often each text occurs, the most frequent first, at most four. */
export function tallyText(texts: Iterable<string>, write: (text: string, count: number) => string): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, 4).map(([text, count]) => write(text, count));
  return [...shown, ...(sorted.length > 4 ? [`and ${sorted.length - 4} more`] : [])].join(', ');
}
