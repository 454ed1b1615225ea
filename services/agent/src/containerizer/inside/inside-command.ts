import type { Readable, Writable } from 'node:stream';
import type { ResolvedUser } from '../processes/user.js';
import type { Terminal, WindowSize } from '../terminal/terminal.js';

/** The streams of a command that runs in a container. */
export interface InsideStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Sets the size of its terminal's window; absent without one. @throws when it is refused */
  readonly resize?: (window: WindowSize) => Promise<void>;
  /** Sends a signal to the command and all that it has started. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** Cgroups of a command's own, below those of the container; where there are none, its processes are told from others by their session. */
export interface InsideGroup {
  /** UUID text, unlike that of any container. */
  readonly id: string;
  /** Of their folders, unlike that of any container in the same one. */
  readonly name: string;
}

/** What of a command the way into the container depends on. */
export interface EnteringCommand extends Pick<InsideCommand, 'args' | 'env' | 'group'> {
  /** Absent: the container's. */
  readonly user?: ResolvedUser;
  /** It is entered from a terminal, and gets one of the container's own in its place. */
  readonly makesTerminal?: boolean;
}

/** A command that is run in a living container, beside what runs there. */
export interface InsideCommand {
  /** argv, argv[0] included. */
  readonly args: readonly string[];
  /** Name of the one that it runs as, of this machine's. Absent: the container's. */
  readonly user?: string | undefined;
  /** Variables beside those of the container, which they override. */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** Absent: it is in the container's own, and what it leaves behind lives on in the container. */
  readonly group?: InsideGroup;
  /** Its output is what the terminal shows, all of it on `stdout`. Absent: it has none, and three streams. */
  readonly terminal?: Terminal;
  /** After this long the command and all that it has started is killed; Infinity for never. */
  readonly timeoutMs: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
  /**
   * Is given the streams when the command begins: all that it writes has to be read. With its end everything that it has started ends too,
   * so that its streams do. Absent: it has no input, and the last of its output is kept.
   */
  readonly take?: (streams: InsideStreams) => void;
}

/** How it ended. */
export interface InsideEnd {
  /** Absent when it was killed or could not be run. */
  readonly exitCode?: number;
  readonly hasTimedOut: boolean;
  /** The last that it wrote, both streams together; of one whose streams were taken only why it could not be run. */
  readonly output: string;
}
