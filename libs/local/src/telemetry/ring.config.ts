/** The parts share one process: together they take no more for spans than one service of its own does. */
const DEFAULT_RING_BYTES = 8 << 20;

/** Memory of each part for recent spans: `TRACE_RING_BYTES`, as for a service of its own; 0: none are recorded. */
export function localRingBytes(): number {
  const text = process.env['TRACE_RING_BYTES'] ?? '';
  return /^\d+$/.test(text) ? Number(text) : DEFAULT_RING_BYTES;
}
