import type { Writable } from 'node:stream';
import type { TimerClock } from '@tranche/telemetry';

/**
 * Has what is written within an interval leave by one call of the system.
 *
 * Channels write by themselves, one frame for each message and each acknowledgement. Sending a small frame costs both ends more than all that is done with its content: what comes
 * soon after other frames waits, an interval at most. After silence nothing does, nor when so much waits that the writer is told to pause.
 */
export function batchWrites(stream: Writable, intervalMs: number, clock: TimerClock): void {
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  let isHeld = false;
  let leftMs = Number.NEGATIVE_INFINITY;
  const leave = (): void => {
    if (!isHeld) return;
    isHeld = false;
    leftMs = clock.nowMs();
    stream.uncork();
  };
  const hold = (): void => {
    if (isHeld) return;
    isHeld = true;
    stream.cork();
    // The machine's time may be set back.
    const waitMs = Math.min(intervalMs, leftMs + intervalMs - clock.nowMs());
    if (waitMs > 0) clock.after(waitMs, leave);
    else setImmediate(leave);
  };
  stream.write = (...given: unknown[]) => {
    hold();
    const hasRoom = write(...given);
    if (!hasRoom) leave();
    return hasRoom;
  };
}
