import type { SchedulerEvent } from '@tranche/mesos-api';
import { byText } from './normalise.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Members whose values are of the run; what is in their place says only that they are there. */
const OF_THE_RUN = new Set([
  'uuid',
  'timestamp',
  'executor_pid',
  'ip',
  'ip_address',
  'port',
  'hostname',
  'pid',
  'version',
]);
const ID_OF_THE_RUN = new Set(['container_id', 'agent_id', 'framework_id']);

/** A text without what is of the run: ids, addresses, paths of this machine. */
export const stableText = (text: string): string =>
  text
    .replaceAll(/[\w.:-]+-S\d+\b/g, '{agent}')
    .replaceAll(/[\w.:-]+-O\d+\b/g, '{offer}')
    .replaceAll(new RegExp(`${UUID.source}-\\d{4}\\b`, 'g'), '{framework}')
    .replaceAll(UUID, '{uuid}')
    .replaceAll(/127\.0\.0\.1:\d+/g, '{address}');

/** A document without what is of the run, its members in the order of their names. */
export function stable(value: unknown, name = ''): unknown {
  if (value === undefined || value === null) return value;
  if (OF_THE_RUN.has(name)) return `{${name}}`;
  if (typeof value === 'string') return stableText(value);
  if (Array.isArray(value)) return value.map((one) => stable(one, name));
  if (typeof value !== 'object') return value;
  if (ID_OF_THE_RUN.has(name)) return `{${name}}`;
  const members = Object.entries(value).toSorted(([one], [other]) => byText(one, other));
  return Object.fromEntries(members.map(([key, member]) => [key, stable(member, key)]));
}

/** What the cluster answered and told in one replay, kept as a file: later runs must answer and tell the same. */
export class Transcript {
  private readonly lines: string[] = [];

  answered(title: string, status: number, contentType: string | undefined, body: string): void {
    this.lines.push(`> ${title}`, `< ${[status, contentType, stableText(body)].filter(Boolean).join(' ')}`);
  }

  /** An event that comes first on its stream, or at a known place. */
  told(event: SchedulerEvent): void {
    this.lines.push(`= ${JSON.stringify(stable(event))}`);
  }

  /** An offer that the session goes on with. */
  offered(offer: object): void {
    this.lines.push(`= OFFERS ${JSON.stringify(stable(offer))}`);
  }

  /** Events about one task, operation or executor, in their order; those about several may come in any, and are kept by name. */
  toldOf(subjects: ReadonlyMap<string, readonly object[]>): void {
    for (const [subject, events] of [...subjects].toSorted(([one], [other]) => byText(one, other))) {
      for (const event of events) this.lines.push(`= ${subject}: ${JSON.stringify(stable(settled(event)))}`);
    }
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

/** Whether the container of a task that starts has a process yet is a race of the two. */
function settled(event: object): object {
  const { container_status, ...rest } = event as { container_status?: unknown; state?: string };
  return rest.state === 'TASK_STARTING' || container_status === undefined ? rest : { ...rest, container_status };
}
