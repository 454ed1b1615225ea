import type { CancelTimer, TimerClock } from './clock.js';
import type { Logger, LogLevel } from './logger.js';

/** Verbosity of Mesos' logging library from which on there are lines for developers; 0 is without them. */
const VERBOSE = 1;

/** How much a process tells of itself, in the numbers of Mesos' logging library; may be raised for a while. */
export class LogVerbosity {
  private readonly configured: LogLevel | undefined;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly logger: Logger,
    private readonly clock: TimerClock,
  ) {
    this.configured = logger.dial?.current();
  }

  get level(): number {
    return this.logger.dial?.current() === 'debug' ? VERBOSE : 0;
  }

  /** @param durationMs after which it is again as configured. @returns false when this logger cannot be changed */
  set(level: number, durationMs: number): boolean {
    const { dial } = this.logger;
    const { configured } = this;
    if (dial === undefined || configured === undefined) return false;
    this.cancel();
    dial.set(level >= VERBOSE ? 'debug' : configured);
    this.cancel = this.clock.after(durationMs, () => dial.set(configured));
    return true;
  }
}
