import type { CliContext } from '../../cli-context.js';
import { formatBytes } from '../../values/size.js';

/** Often enough to look alive. */
const REDRAW_MS = 100;

/** One line on a terminal that tells how far a copy is; elsewhere nothing. */
export class CopyProgress {
  #doneBytes = 0;
  #drawnMs = -Infinity;
  #isDrawn = false;

  constructor(
    private readonly context: Pick<CliContext, 'io' | 'flags'>,
    private readonly name: string,
    private readonly totalBytes: number,
  ) {}

  /** Passes bytes on and counts them. */
  async *counting(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.add(chunk.length);
      yield chunk;
    }
  }

  add(bytes: number): void {
    this.#doneBytes += bytes;
    const { io, flags } = this.context;
    if (io.stderr.isTTY !== true || flags.quiet || io.clock.nowMs() - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = io.clock.nowMs();
    this.#isDrawn = true;
    const percent = this.totalBytes === 0 ? 100 : Math.min(100, Math.floor((100 * this.#doneBytes) / this.totalBytes));
    const text = `${this.name}  ${formatBytes(this.#doneBytes)} of ${formatBytes(this.totalBytes)}  ${percent} %`;
    io.stderr.write(`\r${text.slice(0, (io.stderr.columns ?? 80) - 1)}\u001b[K`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isDrawn) this.context.io.stderr.write('\r\u001b[K');
  }
}
