import type { Latency, Metrics } from '@tranche/telemetry';

/** What became of a message. `repeated`: it was known already and had no effect. */
export type MessageOutcome = 'ok' | 'failed' | 'repeated';

/** Rate, errors and duration of messages, by name and version. */
export class MessageMetrics {
  private readonly messages;
  private readonly redelivered;
  private readonly durations: Latency<'message'>;
  private readonly waits: Latency<'message'>;

  constructor(metrics: Metrics) {
    this.messages = metrics.counter('tranche_messages_total', 'Messages sent and received, by what became of them', [
      'direction',
      'message',
      'outcome',
    ]);
    this.redelivered = metrics.counter(
      'tranche_messages_redelivered_total',
      'Messages that the broker delivered once more',
      ['message'],
    );
    this.durations = metrics.latency('tranche_message_duration_seconds', 'Time to handle one message, one try', [
      'message',
    ]);
    this.waits = metrics.latency(
      'tranche_message_queue_seconds',
      'Time from the sender giving a message to the broker to the beginning of its handling',
      ['message'],
    );
  }

  sent(message: string, isTaken: boolean): void {
    this.messages.inc({ direction: 'sent', message, outcome: isTaken ? 'ok' : 'failed' });
  }

  /** @param waitMs undefined when the sender did not say when it sent it */
  received(message: string, waitMs: number | undefined, isRedelivered: boolean, traceId: string): void {
    if (isRedelivered) this.redelivered.inc({ message });
    if (waitMs !== undefined) this.waits.observe({ message }, Math.max(0, waitMs) / 1_000, traceId);
  }

  handled(message: string, outcome: MessageOutcome, durationMs: number, traceId: string): void {
    this.messages.inc({ direction: 'received', message, outcome });
    if (outcome !== 'repeated') this.durations.observe({ message }, durationMs / 1_000, traceId);
  }
}
