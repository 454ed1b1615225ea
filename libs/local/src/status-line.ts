import type { Pulse } from './pulse.js';

/** A terminal, as far as the line needs it. */
export interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

const REFRESH_MS = 250;
/** Takes away what the cursor's line shows. */
export const CLEAR_LINE = '\r\u001b[2K';

/** Keeps one line at the bottom of a terminal up to date until it is stopped. */
export class StatusLine {
  private timer: NodeJS.Timeout | undefined;
  private shown = '';

  constructor(
    private readonly terminal: Terminal,
    private readonly pulse: () => Pulse,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.refresh(), REFRESH_MS);
    this.timer.unref();
  }

  /** Shows the newest state, if it differs from what is shown. */
  refresh(): void {
    const { tasks, offers, lastEvent } = this.pulse();
    const text = `  ${tasks} tasks · ${offers} offers${lastEvent === '' ? '' : ` · ${lastEvent}`}`;
    const line = text.slice(0, (this.terminal.columns ?? 80) - 1);
    if (line === this.shown) return;
    this.shown = line;
    this.terminal.write(CLEAR_LINE + line);
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.timer);
    if (this.shown !== '') this.terminal.write(CLEAR_LINE);
    this.shown = '';
  }
}
