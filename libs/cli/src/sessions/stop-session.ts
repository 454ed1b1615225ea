import { constants } from 'node:os';
import type { CliIo, StopSignal } from '../cli-io.js';

/** What a signal to us does to the session. */
export interface SignalPlan {
  /** Passes a signal on; false when that cannot be done. Absent: signals end the session at once. */
  readonly passOn?: ((signal: number) => Promise<boolean>) | undefined;
  /** Ends the connection, and with it the session. */
  readonly end: () => void;
}

/** Signals that have come, and what they mean for the exit code. */
export interface CaughtSignals {
  /** 128 and the signal that ended the session; undefined while none has. */
  exitCode(): number | undefined;
  /** Leaves signals to the process again. */
  release(): void;
}

/**
 * What Ctrl-C and the like do to a session: the first Ctrl-C is passed on to the command, which may make of it what it likes; the second,
 * and every other signal, ends the session.
 */
export function catchSignals(io: Pick<CliIo, 'onSignal'>, { passOn, end }: SignalPlan): CaughtSignals {
  let endedBy: StopSignal | undefined;
  let isPassedOn = false;
  const stop = (signal: StopSignal): void => {
    endedBy ??= signal;
    end();
  };
  const interrupt = async (): Promise<void> => {
    if (isPassedOn || passOn === undefined) return stop('SIGINT');
    isPassedOn = true;
    if (!(await passOn(constants.signals.SIGINT))) stop('SIGINT');
  };
  const releases = [
    io.onSignal('SIGINT', () => void interrupt()),
    io.onSignal('SIGTERM', () => stop('SIGTERM')),
    io.onSignal('SIGHUP', () => stop('SIGHUP')),
  ];
  return {
    exitCode: () => (endedBy === undefined ? undefined : 128 + constants.signals[endedBy]),
    release: () => releases.forEach((release) => release()),
  };
}
