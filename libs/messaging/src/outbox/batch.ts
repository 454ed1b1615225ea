import type { CommandContract, Envelope, FactContract } from '@tranche/contracts';
import { MAX_LINKS, type TraceContext } from '@tranche/telemetry';

/** A message stays small enough for every broker: some refuse more than 16 MiB, and a task may have some KiB. */
export const MAX_ITEMS = 1_000;

/** A message that waits to leave. */
export interface Batch {
  readonly contract: FactContract | CommandContract;
  /** Undefined for facts: they go to the exchange. */
  readonly queue: string | undefined;
  readonly envelope: Envelope;
  /** Spans that its items belong to, each once, in order. */
  readonly traces: TraceContext[];
  readonly settled: PromiseWithResolvers<void>;
}

export const isFull = ({ envelope }: Batch): boolean => envelope.items.length >= MAX_ITEMS;

/** Remembers that an item of the batch belongs to this span. */
export function noteTrace({ traces }: Batch, trace: TraceContext | undefined): void {
  if (trace === undefined || traces.length > MAX_LINKS) return;
  if (!traces.some(({ spanId }) => spanId === trace.spanId)) traces.push(trace);
}
