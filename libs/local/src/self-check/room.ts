import type { AgentView } from '@tranche/contracts';

const MEBIBYTE = 1024 * 1024;

/** Whether a task of this size would fit now on an agent: into what is neither used nor offered to somebody. */
export function hasRoomFor(
  { state, total, used, offered }: Pick<AgentView, 'state' | 'total' | 'used' | 'offered'>,
  needs: { readonly cpus: number; readonly memMb: number },
): boolean {
  const free = (amount: 'cpus' | 'memBytes'): number => total[amount] - used[amount] - offered[amount];
  // Three decimals are all that a scalar has; less is an error of floating point.
  const cpusMilli = Math.round(free('cpus') * 1000);
  return state === 'active' && cpusMilli >= needs.cpus * 1000 && free('memBytes') >= needs.memMb * MEBIBYTE;
}
