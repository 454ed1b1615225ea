import type { CliIo, TextOutput } from '../../../cli-io.js';
import { LineWriter, plainLines } from '../../../output/line-writer.js';
import type { LogStream } from '../../log-stream.js';
import { type Instance, phaseText } from '../instance.js';
import type { FailureReport, RunReporter } from './run-reporter.js';

/** Off a terminal: one line a change on standard error, the time first, no colours. With `isQuiet` only failures. */
export class PlainReporter implements RunReporter {
  #lastReason = '';

  constructor(
    private readonly io: CliIo,
    private readonly options: { hasSeveral: boolean; isQuiet: boolean },
  ) {}

  changed(instance: Instance): void {
    this.#lastReason = '';
    this.#line(`${instance.name} ${phaseText(instance, this.io.clock.nowMs())}`);
  }

  waiting(instances: readonly Instance[], reason: string): void {
    if (reason === this.#lastReason) return;
    this.#lastReason = reason;
    for (const { name } of instances) this.#line(`${name} waiting for an offer: ${reason}`);
  }

  note(text: string): void {
    this.#line(text);
  }

  failed({ stderrLines, nextCommands }: FailureReport): void {
    if (this.options.isQuiet) return;
    const lines = [
      ...(stderrLines.length > 0 ? ['last lines of stderr:'] : []),
      ...stderrLines.map((line) => `  ${line}`),
    ];
    this.io.stderr.write([...lines, `try: ${nextCommands.join('   ')}`].map((line) => `  ${line}\n`).join(''));
  }

  outputOf(instance: Instance, stream: LogStream): TextOutput & { end?(): void } {
    const output = stream === 'stdout' ? this.io.stdout : this.io.stderr;
    return this.options.hasSeveral ? new LineWriter(output, plainLines(instance.name)) : output;
  }

  close(): void {
    this.#lastReason = '';
  }

  #line(text: string): void {
    if (this.options.isQuiet) return;
    this.io.stderr.write(`${new Date(this.io.clock.nowMs()).toISOString()} ${text}\n`);
  }
}
