import type { RoleAmounts } from '@tranche/contracts';
import { UsageError } from '../cli.errors.js';
import { NOTHING } from '../output/cells.js';
import { parsePairs } from './pairs.js';
import { formatBytes, formatCount, parseSizeMb } from './size.js';

const BYTES_PER_MB = 1 << 20;

/**
 * Reads `cpus=8,mem=16g`.
 *
 * @param what names the flag in the error
 * @throws UsageError
 */
export function parseRoleAmounts(text: string, what: string): RoleAmounts {
  const amounts: RoleAmounts = {};
  for (const [name, value] of Object.entries(parsePairs(text.split(','), what))) {
    if (name === 'cpus' || name === 'gpus') amounts[name] = count(value, `${what}: ${name}`);
    else if (name === 'mem') amounts.memBytes = parseSizeMb(value, `${what}: mem`) * BYTES_PER_MB;
    else if (name === 'disk') amounts.diskBytes = parseSizeMb(value, `${what}: disk`) * BYTES_PER_MB;
    else throw new UsageError(`${what}: there is no resource "${name}"`, ['resources: cpus gpus mem disk']);
  }
  return amounts;
}

function count(text: string, what: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`${what}: "${text}" is no number`);
}

/** `cpus 8, mem 16 GiB`; a dash for nothing. An amount of zero is told: a limit of zero allows nothing. */
export function roleAmountsText({ cpus, gpus, memBytes, diskBytes }: RoleAmounts): string {
  const parts = [
    cpus === undefined ? [] : [`cpus ${formatCount(cpus)}`],
    memBytes === undefined ? [] : [`mem ${formatBytes(memBytes)}`],
    diskBytes === undefined ? [] : [`disk ${formatBytes(diskBytes)}`],
    gpus === undefined ? [] : [`gpus ${formatCount(gpus)}`],
  ].flat();
  return parts.length === 0 ? NOTHING : parts.join(', ');
}
