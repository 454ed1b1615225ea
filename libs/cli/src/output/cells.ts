import type { ResourceAmounts } from '@tranche/contracts';
import { styleText } from 'node:util';
import { formatSpan } from '../values/duration.js';
import { formatBytes, formatCount } from '../values/size.js';

/** Shown where there is nothing to show, so that columns stay readable and can be cut by tools. */
export const NOTHING = '-';

/** Paints text, or leaves it as it is when colours are off. */
export type Paint = (color: 'red' | 'yellow' | 'green' | 'dim', text: string) => string;

export function painter(color: boolean): Paint {
  return color ? (name, text) => styleText(name, text, { validateStream: false }) : (_name, text) => text;
}

/** `4m` since a time; in wide tables the time itself. */
export function since(iso: string | undefined, nowMs: number, isWide: boolean): string {
  if (iso === undefined) return NOTHING;
  return isWide ? iso : formatSpan(nowMs - Date.parse(iso));
}

/** `0.5/4` of cpus or gpus. */
export function countOf(used: number, total: number): string {
  return `${formatCount(used)}/${formatCount(total)}`;
}

/** `64 MiB/3.2 GiB`. */
export function bytesOf(used: number, total: number): string {
  return `${formatBytes(used)}/${formatBytes(total)}`;
}

/** `cpus 2 · mem 1 GiB · disk 10 GiB · 1000 ports`; what is zero is left out. */
export function amountsText({ cpus, memBytes, diskBytes, gpus, ports }: ResourceAmounts): string {
  const portCount = ports.reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  const parts = [
    cpus > 0 && `cpus ${formatCount(cpus)}`,
    memBytes > 0 && `mem ${formatBytes(memBytes)}`,
    diskBytes > 0 && `disk ${formatBytes(diskBytes)}`,
    gpus > 0 && `gpus ${formatCount(gpus)}`,
    portCount > 0 && `${portCount} ${portCount === 1 ? 'port' : 'ports'}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? NOTHING : parts.join(' · ');
}
