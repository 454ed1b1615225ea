import { type ListTraces, ListTracesV1, ReadTraceV1 } from '@tranche/contracts';
import { ownList, ownPart, type Tracer } from '@tranche/telemetry';
import type { MessageContext } from '../message-bus.js';

/** Where a transport keeps who answers what. Nest's `Server` is one. */
export interface Answering {
  addHandler(
    pattern: string,
    callback: (request: never, context: MessageContext) => Promise<unknown>,
    isEventHandler: boolean,
  ): void;
}

/** Lets a service answer what it still has of a trace, as every service does, beside its own handlers. */
export function serveTraces(strategy: Answering, tracer: Tracer): void {
  strategy.addHandler(ReadTraceV1.pattern, async ({ traceId }: { traceId: string }) => ownPart(tracer, traceId), false);
  strategy.addHandler(
    ListTracesV1.pattern,
    async ({ slowMs, error, limit }: ListTraces) => ({
      service: tracer.service,
      traces: ownList(tracer, { limit, ...(slowMs === undefined ? {} : { slowMs }), ...(error ? { error } : {}) }),
    }),
    false,
  );
}
