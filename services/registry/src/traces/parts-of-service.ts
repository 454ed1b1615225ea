import type { TracePartView, TraceSummary } from '@tranche/contracts';

/**
 * What a service that is cut has of a trace, from its partitions: those that one process works on have the same to tell, and it counts once.
 */
export function partOfService(parts: readonly [TracePartView, ...TracePartView[]]): TracePartView {
  const [first, ...more] = parts;
  if (more.length === 0) return first;
  const traceId = parts.find((part) => part.traceId !== undefined)?.traceId;
  const missing = parts.map((part) => part.missing).find((text) => text !== undefined);
  return {
    service: first.service,
    ...(traceId === undefined ? {} : { traceId }),
    spans: once(
      parts.flatMap(({ spans }) => spans),
      ({ spanId }) => spanId,
    ),
    logs: once(
      parts.flatMap(({ logs }) => logs),
      (line) => JSON.stringify(line),
    ),
    dropped: Math.max(...parts.map(({ dropped }) => dropped)),
    completeSinceMs: Math.max(...parts.map(({ completeSinceMs }) => completeSinceMs)),
    ...(missing === undefined ? {} : { missing }),
  };
}

/** The same of a list: what several partitions tell alike is told by one process. */
export const summariesOfService = (summaries: readonly TraceSummary[]): TraceSummary[] =>
  once(summaries, (summary) => JSON.stringify(summary));

const once = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];
