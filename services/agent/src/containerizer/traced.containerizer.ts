import { ATTRIBUTE, inSpan, SPAN } from '@tranche/telemetry';
import type { Containerizer } from './containerizer.js';
import { withCalls } from './containerizer-calls.js';

/** The same containerizer, whose work for a task is seen in the task's trace. Nothing outside of a trace. */
export function tracedContainerizer(containerizer: Containerizer): Containerizer {
  const span = <T>(name: string, id: string, run: () => Promise<T>): Promise<T> =>
    inSpan(name, { attributes: { [ATTRIBUTE.containerId]: id, [ATTRIBUTE.detail]: containerizer.name } }, run);
  return withCalls(containerizer, {
    create: (config) => span(SPAN.createContainer, config.id, () => containerizer.create(config)),
    start: (id) => span(SPAN.startContainer, id, () => containerizer.start(id)),
    remove: (id) => span(SPAN.removeContainer, id, () => containerizer.remove(id)),
  });
}
