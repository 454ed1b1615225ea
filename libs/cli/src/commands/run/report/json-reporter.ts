import type { CliIo, TextOutput } from '../../../cli-io.js';
import { LineWriter, jsonLines } from '../../../output/line-writer.js';
import type { LogStream } from '../../log-stream.js';
import type { Instance } from '../instance.js';
import type { FailureReport, RunReporter } from './run-reporter.js';

/** With `--json`: one JSON object a line on standard output, for each change and for each line of output. */
export class JsonReporter implements RunReporter {
  constructor(private readonly io: CliIo) {}

  changed({ name, phase, taskId, hostname, attempt, outcome }: Instance): void {
    const hasEnded = phase === 'ended' || phase === 'resting';
    this.#line({ task: name, phase, taskId, agent: hostname, attempt, ...(hasEnded && outcome) });
  }

  waiting(instances: readonly Instance[], reason: string): void {
    for (const { name } of instances) this.#line({ task: name, phase: 'waiting', reason });
  }

  note(text: string): void {
    this.#line({ note: text });
  }

  failed({ instance, stderrLines, nextCommands }: FailureReport): void {
    this.#line({ task: instance.name, stderrLines, nextCommands });
  }

  outputOf(instance: Instance, stream: LogStream): TextOutput & { end?(): void } {
    return new LineWriter(this.io.stdout, jsonLines(instance.name, stream));
  }

  close(): void {
    // Every line was written whole.
  }

  #line(content: object): void {
    this.io.stdout.write(`${JSON.stringify({ time: new Date(this.io.clock.nowMs()).toISOString(), ...content })}\n`);
  }
}
