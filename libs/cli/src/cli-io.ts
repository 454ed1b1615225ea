import type { Clock } from '@tranche/scheduler';

/** A stream that is written to: standard output or error, or a test's memory. */
export interface TextOutput {
  /** @returns false when the reader is slow: then wait for `drained` before writing on */
  write(data: string | Uint8Array): boolean;
  /** Settles when there is room again. Outputs without it are always ready. */
  drained?(): Promise<unknown>;
  /** True on a terminal: lines may be redrawn and coloured. */
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
}

/** Writes, and waits when the reader of our output is slow. */
export async function writeAll(output: TextOutput, data: string | Uint8Array): Promise<void> {
  if (!output.write(data)) await output.drained?.();
}

/** Everything that a command touches outside of the cluster. Passed in, so that tests see what a person would. */
export interface CliIo {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who runs the command: the default user of a framework. */
  readonly userName: string;
  readonly homeFolder: string;
  readonly clock: Clock;
  /** Waits. @returns false when `signal` was aborted before the time had passed; never rejects */
  sleep(ms: number, signal: AbortSignal): Promise<boolean>;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  /** Asks a question that is answered by yes or no; no is what any other answer means. */
  ask(question: string): Promise<boolean>;
  /** Random text of hexadecimal digits. */
  randomHex(digits: number): string;
  /**
   * Calls `handle` on each such signal, instead of ending the process.
   *
   * @returns a function that ends this
   */
  onSignal(signal: 'SIGINT' | 'SIGTERM', handle: () => void): () => void;
  /** @returns undefined when there is no such file; `-` is standard input */
  readFile(path: string): Promise<string | undefined>;
  /** Creates folders as needed; replaces the file as a whole. */
  writeFile(path: string, text: string): Promise<void>;
  /** Writes a file as its bytes come, in a folder that is there; it appears, or is replaced, when all of them are written. */
  saveFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
}
