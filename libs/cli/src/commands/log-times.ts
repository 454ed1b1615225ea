import type { OutputTimesView, TaskView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import type { LineStamps } from '../output/line-writer.js';
import type { LogStream } from './log-stream.js';

/** The file had so many bytes at that time. Oldest first. */
export type LogTimes = OutputTimesView['items'];

/** When a task's output was written, as its agent has seen it. */
export async function logTimes(
  { api }: Pick<CliContext, 'api'>,
  { id, frameworkId }: Pick<TaskView, 'id' | 'frameworkId'>,
  stream: LogStream,
): Promise<LogTimes> {
  const path = `/v1/tasks/${encodeURIComponent(id)}/files/times`;
  return (await api.get<OutputTimesView>(path, { path: stream, frameworkId })).items;
}

/** First byte of what may have been written since a time. @param sinceMs milliseconds since the epoch */
export const startOf = (times: LogTimes, sinceMs: number): number =>
  times.findLast(({ at }) => Date.parse(at) <= sinceMs)?.bytes ?? 0;

/** Tells of each line in turn when it was written: at that time at the latest. */
export class LineTimes implements LineStamps {
  private at = 0;

  /** @param nowIso for what was written after the last entry: it is just coming */
  constructor(
    private readonly times: LogTimes,
    private readonly nowIso: () => string,
  ) {}

  /** The next line begins there. */
  begin(offset: number): void {
    this.at = offset;
  }

  next(line: string): string {
    this.at += Buffer.byteLength(line) + 1;
    // The last line may have no newline.
    return this.times.find(({ bytes }) => bytes >= this.at - 1)?.at ?? this.nowIso();
  }
}
