const LOOK_MS = 200;
const ANSWER_TIMEOUT_MS = 2_000;

/** What `/readyz` tells of a replica beside its dependencies. */
interface Answer {
  readonly ready: boolean;
  /** `standby` while another replica does the work, or none has been elected yet. */
  readonly role?: string;
}

type Role = 'away' | 'standby' | 'active';

/**
 * Waits until one of the replicas of a service does its work: over a broker it is elected first, and then reads what it stored.
 *
 * @param addressesOf where they listen by now
 * @returns true, or false when `isStopped` says that there is nothing to wait for any more
 */
export const untilActive = (addressesOf: () => readonly string[], isStopped: () => boolean): Promise<boolean> =>
  until(async () => (await Promise.all(addressesOf().map(roleOf))).includes('active'), isStopped);

/** Waits until a process has what it needs, and either works or stands by. @returns as `untilActive` does */
export const untilReady = (address: string, isStopped: () => boolean): Promise<boolean> =>
  until(async () => (await roleOf(address)) !== 'away', isStopped);

async function until(condition: () => Promise<boolean>, isStopped: () => boolean): Promise<boolean> {
  while (!isStopped()) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}

async function roleOf(address: string): Promise<Role> {
  try {
    const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const { ready, role } = (await answer.json()) as Answer;
    if (!ready) return 'away';
    return role === 'standby' ? 'standby' : 'active';
  } catch {
    // It does not answer yet, or not any more: the next look or the end of the process tells.
    return 'away';
  }
}
