const LOOK_MS = 200;
const ANSWER_TIMEOUT_MS = 2_000;

/** What `/readyz` tells of a replica beside its dependencies. */
interface Answer {
  readonly ready: boolean;
  /** `standby` while another replica does the work, or none has been elected yet. */
  readonly role?: string;
}

/**
 * Waits until a process that listens does the work of its service: over a broker it is elected first, and then reads what it stored.
 *
 * @returns true, or false when `isStopped` says that there is nothing to wait for any more
 */
export async function untilActive(address: string, isStopped: () => boolean): Promise<boolean> {
  while (!isStopped()) {
    try {
      const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      const { ready, role } = (await answer.json()) as Answer;
      if (ready && role !== 'standby') return true;
    } catch {
      // It does not answer yet, or not any more: the next look or the end of the process tells.
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
