import { styleText } from 'node:util';

/** Where the lines of the start go. */
export interface ProgressOutput {
  write(text: string): void;
}

/** Prints the start of the local cluster, a line when its part is up. */
export class Progress {
  constructor(
    private readonly output: ProgressOutput,
    private readonly colours: boolean,
  ) {}

  title(text: string): void {
    this.output.write(`${text}\n`);
  }

  /** One part is up. */
  up(part: string, text: string): void {
    this.output.write(`  ${this.paint('green', '✔')} ${part.padEnd(11)} ${text}\n`);
  }

  /** One part was left out, for a reason that is no fault. */
  skipped(part: string, reason: string): void {
    this.output.write(`  – ${part.padEnd(11)} ${reason}\n`);
  }

  /** One part failed, in place; the reason follows as error. */
  failed(part: string): void {
    this.output.write(`  ${this.paint('red', '✘')} ${part.padEnd(11)} failed\n`);
  }

  /** A part that was up has ended by itself. */
  ended(part: string, text: string): void {
    this.output.write(`  ${this.paint('red', '✘')} ${part.padEnd(11)} ${text}\n`);
  }

  line(text: string): void {
    this.output.write(`  ${text}\n`);
  }

  private paint(colour: 'green' | 'red', text: string): string {
    return this.colours ? styleText(colour, text, { validateStream: false }) : text;
  }
}
