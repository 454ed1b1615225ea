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

/** Standard input while a command reads it. */
export interface TextInput {
  /** Bytes as they come; ends at the end of the input, or when it is closed. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Reads no further. What has not been read is lost. */
  close(): void;
}

/** The terminal that standard input and output are. */
export interface Terminal {
  /** Characters. */
  size(): TerminalSize;
  /** @returns a function that ends this */
  onResize(handle: () => void): () => void;
  /**
   * Lets every byte pass as it is, both ways: no echo, no lines, no signals by keys.
   *
   * @returns puts the terminal back as it was; the end of the process does so too, however it ends
   */
  makeRaw(): () => void;
}

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Signals that ask a command to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything that a command touches outside of the cluster. Passed in, so that tests see what a person would. */
export interface CliIo {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who runs the command: the default user of a framework. */
  readonly userName: string;
  readonly homeFolder: string;
  /** `v22.22.0`. */
  readonly nodeVersion: string;
  readonly clock: Clock;
  /** Waits. @returns false when `signal` was aborted before the time had passed; never rejects */
  sleep(ms: number, signal: AbortSignal): Promise<boolean>;
  /** Begins to read standard input. */
  openInput(): TextInput;
  /** What standard input is. */
  readonly inputKind: 'file' | 'pipe' | 'other';
  /** Absent when standard input or output is none. */
  readonly terminal?: Terminal | undefined;
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
  onSignal(signal: StopSignal, handle: () => void): () => void;
  /** @returns undefined when there is no such file; `-` is standard input */
  readFile(path: string): Promise<string | undefined>;
  /** Creates folders as needed; replaces the file as a whole. */
  writeFile(path: string, text: string): Promise<void>;
  /** Writes a file as its bytes come, in a folder that is there; it appears, or is replaced, when all of them are written. */
  saveFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
}
