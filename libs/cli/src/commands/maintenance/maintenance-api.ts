import { createHash } from 'node:crypto';
import type { CliContext } from '../../cli-context.js';
import { problemError } from '../../api/problem.js';

export interface Machine {
  readonly hostname?: string;
  readonly ip?: string;
}

/** Nanoseconds as text: they are larger than numbers hold. */
interface Nanoseconds {
  readonly nanoseconds: string;
}

/** One window of the schedule, as the cluster keeps it. */
export interface MaintenanceWindow {
  readonly machine_ids: readonly Machine[];
  readonly unavailability: { readonly start: Nanoseconds; readonly duration?: Nanoseconds };
}

export interface MaintenanceStatus {
  readonly draining_machines?: readonly {
    readonly id: Machine;
    readonly statuses?: readonly { readonly status: string; readonly framework_id: { readonly value: string } }[];
  }[];
  readonly down_machines?: readonly Machine[];
}

const NS_PER_MS = 1_000_000n;

export const nanoseconds = (ms: number): Nanoseconds => ({
  nanoseconds: String(BigInt(Math.round(ms)) * NS_PER_MS),
});

export const millisecondsOf = ({ nanoseconds: text }: Nanoseconds): number => Number(BigInt(text) / NS_PER_MS);

/** What people name a window by: it stays as long as the window does. */
export const windowId = (window: MaintenanceWindow): string =>
  createHash('sha256').update(JSON.stringify(window)).digest('hex').slice(0, 8);

export async function readSchedule(context: CliContext): Promise<MaintenanceWindow[]> {
  const { windows = [] } = await readDocument<{ windows?: MaintenanceWindow[] }>(context, '/maintenance/schedule');
  return windows;
}

export const readStatus = (context: CliContext): Promise<MaintenanceStatus> =>
  readDocument<MaintenanceStatus>(context, '/maintenance/status');

/** Replaces the whole schedule. */
export const writeSchedule = (context: CliContext, windows: readonly MaintenanceWindow[]): Promise<void> =>
  send(context, '/maintenance/schedule', { windows });

export const bringDown = (context: CliContext, machines: readonly Machine[]): Promise<void> =>
  send(context, '/machine/down', machines);
export const bringUp = (context: CliContext, machines: readonly Machine[]): Promise<void> =>
  send(context, '/machine/up', machines);

async function readDocument<T>({ api }: CliContext, path: string): Promise<T> {
  const answer = await api.raw('GET', path);
  if (answer.status >= 400) throw problemError(answer, path);
  const text = answer.body.toString('utf8').replace(/"nanoseconds":(-?\d+)/g, '"nanoseconds":"$1"');
  return JSON.parse(text) as T;
}

async function send({ api }: CliContext, path: string, body: unknown): Promise<void> {
  const answer = await api.raw('POST', path, JSON.stringify(body));
  if (answer.status >= 400) throw problemError(answer, path);
}
