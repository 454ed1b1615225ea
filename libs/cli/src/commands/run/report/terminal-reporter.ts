import type { CliIo, TextOutput } from '../../../cli-io.js';
import { type Paint, painter } from '../../../output/cells.js';
import { LineWriter, plainLines } from '../../../output/line-writer.js';
import { formatSeconds } from '../../../values/duration.js';
import type { LogStream } from '../../log-stream.js';
import { type Instance, phaseText } from '../instance.js';
import type { FailureReport, RunReporter } from './run-reporter.js';

const CLEAR_LINE = '\r\u001b[2K';
const REDRAW_MS = 100;

/** What a terminal shows that others don't. */
export interface TerminalOptions {
  hasSeveral: boolean;
  color: boolean;
  /** Of the whole run; its beginning is shown. */
  traceId: string;
}

/**
 * On a terminal: one line that is drawn again as long as nothing runs yet; after that a line a change, between the outputs of tasks.
 */
export class TerminalReporter implements RunReporter {
  readonly #paint: Paint;
  /** Instances that have not come to run yet, by index. */
  readonly #pending = new Map<number, Instance>();
  #reason = '';
  #isDrawn = false;
  /** From the first output on, the line would be drawn into it. */
  #isOver = false;
  #cancelRedraw: () => void = () => undefined;

  constructor(
    private readonly io: CliIo,
    private readonly options: TerminalOptions,
  ) {
    this.#paint = painter(options.color);
  }

  changed(instance: Instance): void {
    this.#reason = '';
    const isPending = instance.phase === 'waiting' || instance.phase === 'starting';
    if (isPending) this.#pending.set(instance.index, instance);
    else this.#pending.delete(instance.index);
    if (isPending && !this.#isOver) return this.#draw();
    const trace = instance.phase === 'running' ? `   trace ${this.options.traceId.slice(0, 8)}` : '';
    this.#print(`  ${instance.name}  ${this.#mark(instance)} ${phaseText(instance, this.io.clock.nowMs())}${trace}`);
  }

  waiting(instances: readonly Instance[], reason: string): void {
    if (reason === this.#reason) return;
    this.#reason = reason;
    if (this.#isOver)
      for (const instance of instances) this.#print(`  ${instance.name}  ${this.#mark(instance)} ${reason}`);
  }

  note(text: string): void {
    this.#print(`  ${this.#paint('dim', text)}`);
  }

  failed({ stderrLines, nextCommands }: FailureReport): void {
    const lines = stderrLines.map((line) => `    ${this.#paint('dim', line)}`);
    this.#print([...lines, `  try: ${nextCommands.join('   ')}`].join('\n'));
  }

  outputOf(instance: Instance, stream: LogStream): TextOutput & { end?(): void } {
    const output = stream === 'stdout' ? this.io.stdout : this.io.stderr;
    const guarded: TextOutput = {
      write: (data) => {
        this.#erase();
        this.#isOver = true;
        return output.write(data);
      },
      drained: () => output.drained?.() ?? Promise.resolve(),
    };
    return this.options.hasSeveral ? new LineWriter(guarded, plainLines(instance.name)) : guarded;
  }

  close(): void {
    this.#erase();
    this.#isOver = true;
  }

  #mark({ phase, outcome }: Instance): string {
    if (phase === 'running') return this.#paint('green', '●');
    if (phase !== 'ended') return this.#paint('yellow', '●');
    return outcome?.exitCode === 0 ? this.#paint('green', '✔') : this.#paint('red', '✖');
  }

  #print(text: string): void {
    this.#erase();
    this.io.stderr.write(`${text}\n`);
    this.#draw();
  }

  /** The line for what is pending: the instance that has waited longest, and how many more. */
  #draw(): void {
    this.#cancelRedraw();
    const [first] = [...this.#pending.values()].toSorted((a, b) => a.beganMs - b.beganMs);
    if (this.#isOver || !first) return;
    const nowMs = this.io.clock.nowMs();
    const more = this.#pending.size > 1 ? ` and ${this.#pending.size - 1} more` : '';
    const reason = this.#reason && `: ${this.#reason}`;
    const text = `  ${first.name}${more}  ● ${phaseText(first, nowMs)}  ${formatSeconds(nowMs - first.beganMs)}${reason}`;
    this.io.stderr.write(`${CLEAR_LINE}${text.slice(0, (this.io.stderr.columns || 120) - 1)}`);
    this.#isDrawn = true;
    this.#cancelRedraw = this.io.clock.after(REDRAW_MS, () => this.#draw());
  }

  #erase(): void {
    this.#cancelRedraw();
    if (this.#isDrawn) this.io.stderr.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}
