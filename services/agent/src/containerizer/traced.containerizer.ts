import { ATTRIBUTE, inSpan, SPAN, type SpanAttributes } from '@tranche/telemetry';
import type { Containerizer } from './containerizer.js';
import { withCalls } from './containerizer-calls.js';

/** The same containerizer, whose work for a task is seen in the task's trace. Nothing outside of a trace. */
export function tracedContainerizer(containerizer: Containerizer): Containerizer {
  /** Of containers that have ended and are not removed, bytes. */
  const peaks = new Map<string, number>();
  const span = <T>(name: string, id: string, run: () => Promise<T>, more: SpanAttributes = {}): Promise<T> =>
    inSpan(name, { attributes: { [ATTRIBUTE.containerId]: id, [ATTRIBUTE.detail]: containerizer.name, ...more } }, run);
  return withCalls(containerizer, {
    create: (config) => span(SPAN.createContainer, config.id, () => containerizer.create(config)),
    start: (id) => span(SPAN.startContainer, id, () => containerizer.start(id)),
    termination: async (id) => {
      const ended = await containerizer.termination(id);
      const peak = ended.statistics?.memMaxBytes;
      if (peak !== undefined) peaks.set(id, peak);
      return ended;
    },
    remove: (id) => {
      const peak = peaks.get(id);
      peaks.delete(id);
      const more: SpanAttributes = peak === undefined ? {} : { [ATTRIBUTE.memoryPeak]: peak };
      return span(SPAN.removeContainer, id, () => containerizer.remove(id), more);
    },
  });
}
