import type { AmountsByName } from '@tranche/contracts';
import { NOTHING } from '../../output/cells.js';
import { formatBytes, formatCount } from '../../values/size.js';

/** What people look at first; other names follow. */
const ORDER = ['cpus', 'gpus', 'memBytes', 'diskBytes', 'ports'];
const placeOf = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** `cpus 2 · mem 64 MiB · 1000 ports`; what is zero is left out. */
export function byNameText(amounts: AmountsByName): string {
  const parts = Object.entries(amounts)
    .filter(([, amount]) => amount > 0)
    .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([name, amount]) => amountText(name, amount));
  return parts.length === 0 ? NOTHING : parts.join(' · ');
}

/** @param name as the API has it: `cpus`, `memBytes` … */
export function amountText(name: string, amount: number): string {
  if (name === 'ports') return `${formatCount(amount)} ${amount === 1 ? 'port' : 'ports'}`;
  if (name === 'memBytes' || name === 'diskBytes') return `${name.replace('Bytes', '')} ${formatBytes(amount)}`;
  return `${name} ${formatCount(amount)}`;
}
