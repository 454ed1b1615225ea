import type { CliContext } from '../cli-context.js';
import { ClusterUnreachableError } from '../cli.errors.js';

/** How long a cluster that was there may be away: its services have begun anew by then, or it is an error. */
const PATIENCE_MS = 60_000;
/** Nothing to a cluster that is just coming back, and soon enough for a person. */
const RETRY_MS = 500;

/**
 * Keeps what goes on for hours (`-f`, `--watch`) over a time in which the cluster, or a part of it, is away. What never worked is not tried
 * again: its address is wrong, rather than its connection lost. That it is away and that it is back is said, once each.
 */
export class LostConnection {
  #hasWorked = false;
  #sinceMs: number | undefined;

  constructor(private readonly context: Pick<CliContext, 'io' | 'note'>) {}

  /** It answers. */
  works(): void {
    this.#hasWorked = true;
    if (this.#sinceMs !== undefined) this.context.note('the cluster answers again');
    this.#sinceMs = undefined;
  }

  /**
   * Waits until it is to be tried again.
   *
   * @param isPassing what else than an unreachable cluster may pass
   * @returns false when the signal has ended the wait
   * @throws the error, if it does not pass or has lasted too long
   */
  async wait(error: unknown, signal: AbortSignal, isPassing: (error: unknown) => boolean = isAway): Promise<boolean> {
    const { io, note } = this.context;
    if (!this.#hasWorked || !(error instanceof Error) || !isPassing(error)) throw error;
    if (this.#sinceMs === undefined) note(`${error.message}; trying again`);
    this.#sinceMs ??= io.clock.nowMs();
    if (io.clock.nowMs() - this.#sinceMs >= PATIENCE_MS) throw error;
    return io.sleep(RETRY_MS, signal);
  }
}

const isAway = (error: unknown): boolean => error instanceof ClusterUnreachableError;
