import { UsageError } from '../../cli.errors.js';

/** What `cp` is to do: out of a sandbox, or into one. */
export interface CopyPlan {
  readonly direction: 'download' | 'upload';
  /** `TASK:PATH`. */
  readonly remote: string;
  readonly local: string;
}

/**
 * Reads the two words of `cp`. What begins with `.` or `/`, or has no colon, is a path of this machine.
 *
 * @throws UsageError unless exactly one is `TASK:PATH`
 */
export function planCopy(from: string, to: string): CopyPlan {
  const [fromRemote, toRemote] = [isRemote(from), isRemote(to)];
  if (fromRemote && !toRemote) return { direction: 'download', remote: from, local: to };
  if (toRemote && !fromRemote) return { direction: 'upload', remote: to, local: from };
  throw new UsageError(fromRemote ? 'both are in sandboxes' : 'neither is in a sandbox', [
    'one of the two is TASK:PATH: tranche cp web.0:out.txt .      tranche cp in.txt web.0:',
    'a name here with a colon in it begins with ./',
  ]);
}

const isRemote = (text: string): boolean => /^[^./:][^:]*:/.test(text);
