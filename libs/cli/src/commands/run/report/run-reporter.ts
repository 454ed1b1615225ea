import type { TextOutput } from '../../../cli-io.js';
import type { LogStream } from '../../log-stream.js';
import type { Instance } from '../instance.js';

/** What is told of a failed instance. */
export interface FailureReport {
  instance: Instance;
  /** The last lines of its standard error. */
  stderrLines: readonly string[];
  /** Commands that show more. */
  nextCommands: readonly string[];
}

/** How a run is shown while it goes on. Outputs of tasks go through it as well, so that lines don't mix. */
export interface RunReporter {
  /** An instance has come to another phase. */
  changed(instance: Instance): void;
  /** Why instances have been waiting for a while. Told again and again, also when nothing changed. */
  waiting(instances: readonly Instance[], reason: string): void;
  /** Anything else that happened: the connection was lost, tasks are being killed. */
  note(text: string): void;
  failed(report: FailureReport): void;
  /** Where a task's output goes. */
  outputOf(instance: Instance, stream: LogStream): TextOutput & { end?(): void };
  /** Nothing will follow. */
  close(): void;
}
