import { elementsOf } from './json-elements.js';

const together = (bodies: readonly string[], member: string): string =>
  `[${bodies.flatMap((body) => elementsOf(body, member)).join(',')}]`;

/** `/frameworks` of all partitions. */
export function mergeFrameworks(bodies: readonly string[]): string {
  const live = together(bodies, 'frameworks');
  const completed = together(bodies, 'completed_frameworks');
  return `{"frameworks":${live},"completed_frameworks":${completed},"unregistered_frameworks":[]}`;
}

export interface TaskWindow {
  /** Negative: all. */
  readonly limit: number;
  readonly offset: number;
  readonly ascending: boolean;
}

/** `/tasks` of all partitions, each asked for everything up to the end of the window: in order of their first status. */
export function mergeTasks(bodies: readonly string[], { limit, offset, ascending }: TaskWindow): string {
  const found = bodies.flatMap((body) => elementsOf(body, 'tasks')).map((text) => ({ text, at: firstStatusAt(text) }));
  found.sort(ascending ? (a, b) => a.at - b.at : (a, b) => b.at - a.at);
  const end = limit < 0 ? found.length : offset + limit;
  const page = found.slice(offset < 0 ? found.length : offset, end).map(({ text }) => text);
  return `{"tasks":[${page.join(',')}]}`;
}

/** A task without a status yet, or whose text is more than JSON, comes before all others. */
function firstStatusAt(text: string): number {
  try {
    const { statuses } = JSON.parse(text) as { statuses?: { timestamp?: unknown }[] };
    const timestamp = statuses?.[0]?.timestamp;
    return typeof timestamp === 'number' ? timestamp : 0;
  } catch {
    return 0;
  }
}
