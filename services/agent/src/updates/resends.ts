import type { CancelTimer, TimerClock } from '@tranche/telemetry';

/** First resend after this long, then after twice as long each time. @source Mesos 1.11: status update retry interval */
export const MIN_RESEND_MS = 10_000;
export const MAX_RESEND_MS = 10 * 60_000;

interface Flight {
  readonly uuid: string;
  cancel: CancelTimer;
}

/**
 * Keeps one message of each key on its way: sent at once, then again and again at growing intervals until it is taken down.
 *
 * What tasks and operations have in common; which message of a key is next, and what a landing means, is their own.
 */
export class Resends {
  private readonly inFlight = new Map<string, Flight>();

  constructor(private readonly clock: TimerClock) {}

  /** Takes the place of what the key has on its way; nothing happens when that is the same message already. */
  launch(key: string, uuid: string, send: () => void): void {
    if (this.inFlight.get(key)?.uuid === uuid) return;
    this.land(key);
    const flight: Flight = { uuid, cancel: () => undefined };
    this.inFlight.set(key, flight);
    this.fly(flight, send, MIN_RESEND_MS);
  }

  /** Stops sending what the key has on its way, if anything. */
  land(key: string): void {
    this.inFlight.get(key)?.cancel();
    this.inFlight.delete(key);
  }

  landAll(): void {
    for (const { cancel } of this.inFlight.values()) cancel();
    this.inFlight.clear();
  }

  private fly(flight: Flight, send: () => void, resendMs: number): void {
    flight.cancel = this.clock.after(resendMs, () => this.fly(flight, send, Math.min(resendMs * 2, MAX_RESEND_MS)));
    send();
  }
}
