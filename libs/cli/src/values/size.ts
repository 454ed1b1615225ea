import { UsageError } from '../cli.errors.js';

const KIB = 1024;
const MIB = KIB ** 2;
const FACTORS: Record<string, number> = { k: KIB, m: MIB, g: KIB ** 3, t: KIB ** 4 };
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/**
 * Reads `64m`, `1.5g`, `512MiB`: units of 1024, whatever their case.
 *
 * A bare number is refused: it is bytes to some tools and mebibytes to others.
 *
 * @param what names the value in the error, `--mem`
 * @returns mebibytes, as Mesos counts memory and disk
 * @throws UsageError
 */
export function parseSizeMb(text: string, what: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?$/.exec(text.trim().toLowerCase()) ?? [];
  const factor = FACTORS[unit ?? ''];
  if (number === undefined || factor === undefined) {
    const hint = /^\d+(\.\d+)?$/.test(text.trim())
      ? `"${text}" has no unit: ${text}m or ${text}g?`
      : `"${text}" is no size`;
    throw new UsageError(`${what}: ${hint}`, ['sizes are written 64m, 1.5g or 512MiB']);
  }
  return (Number(number) * factor) / MIB;
}

/** Bytes in the unit that reads best: `64 MiB`, `1.5 GiB`; at most one decimal. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= KIB && unit < UNITS.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${UNITS[unit]}`;
}

/** A number of cpus or gpus without noise: `0.1`, `2`; three decimals are what the cluster keeps. */
export function formatCount(value: number): string {
  return String(Number(value.toFixed(3)));
}
