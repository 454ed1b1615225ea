/**
 * W3C trace context: the part of it that travels.
 *
 * @source W3C Trace Context, level 1: `version-traceid-parentid-flags`
 */
export interface TraceContext {
  /** 32 hex digits, not all zero. */
  readonly traceId: string;
  /** 16 hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** @returns undefined for a missing or malformed header: the receiver then begins a trace of its own */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = PATTERN.exec(header ?? '');
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const formatTraceparent = (context: TraceContext): string =>
  `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;

/** A trace that begins here. @param randomHex gives that many random hex digits */
export const newTrace = (randomHex: (digits: number) => string): TraceContext => ({
  traceId: randomHex(32),
  spanId: randomHex(16),
  sampled: true,
});
