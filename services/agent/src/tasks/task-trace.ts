import { beginTrace, runInTrace } from '@tranche/telemetry';

/** Runs something that concerns one task in the trace of the ACCEPT that launched it: its log lines and messages belong there. */
export const inTaskTrace = <T>(task: { readonly traceId: string }, run: () => T): T =>
  runInTrace({ ...beginTrace(), traceId: task.traceId }, run);
