/** A command that is run in a living container, beside what runs there. */
export interface InsideCommand {
  /** argv, argv[0] included. */
  readonly args: readonly string[];
  /** Variables beside those of the container, which they override. */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** After this long the command and all that it has started is killed; Infinity for never. */
  readonly timeoutMs: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/** How it ended. */
export interface InsideEnd {
  /** Absent when it was killed or could not be run. */
  readonly exitCode?: number;
  readonly hasTimedOut: boolean;
  /** The last that it wrote, both streams together. */
  readonly output: string;
}
