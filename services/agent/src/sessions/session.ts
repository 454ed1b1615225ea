import type { Readable } from 'node:stream';
import type { ContainerID } from '@tranche/mesos-api';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { InsideEnd, InsideGroup, InsideStreams } from '../containerizer/inside/inside-command.js';
import type { Terminal, WindowSize } from '../containerizer/terminal/terminal.js';

/** A piece of what a session's command writes. */
export interface SessionPiece {
  readonly stream: 'STDOUT' | 'STDERR';
  readonly data: Buffer;
}

/** Takes a piece; the command is held up until every reader has taken it. Never rejects. */
export type TakePiece = (piece: SessionPiece) => Promise<void>;

/** What a session runs, and in which container. */
export interface SessionCommand {
  /** As its client names it. */
  readonly id: ContainerID;
  /** Of the container that it runs in. */
  readonly containerId: string;
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly group: InsideGroup;
  /** Absent for the container's own. */
  readonly user?: string | undefined;
  /** Absent for one that has no terminal. */
  readonly terminal?: Terminal;
  /** Host path of the sandbox that has one for what it fetches; absent when it fetches nothing. */
  readonly outer?: string;
}

/** A command that runs in a living container for somebody who is connected. */
export class Session {
  private readonly readers = new Set<TakePiece>();
  private readonly opened = Promise.withResolvers<Pick<InsideStreams, 'stdin' | 'resize' | 'signal'> | undefined>();
  private readonly finished = Promise.withResolvers<InsideEnd>();
  private readonly stop = new AbortController();
  private end: InsideEnd | undefined;
  private hasWriter = false;

  constructor(readonly command: SessionCommand) {}

  /** Settles when the command has ended and all that it wrote has been taken. */
  get ended(): Promise<InsideEnd> {
    return this.finished.promise;
  }

  get isOver(): boolean {
    return this.end !== undefined;
  }

  /** It was ended before its time. */
  get isAborted(): boolean {
    return this.aborted.aborted;
  }

  /** Fires when it is ended before its time. */
  get aborted(): AbortSignal {
    return this.stop.signal;
  }

  /** @returns a function that detaches the reader */
  attach(reader: TakePiece): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  /** Called once. */
  async run(containerizer: Pick<Containerizer, 'runInside'>): Promise<void> {
    let read: Promise<unknown> = Promise.resolve();
    const { id: _id, outer: _outer, containerId, ...command } = this.command;
    const end = await containerizer
      .runInside(containerId, {
        ...command,
        timeoutMs: Infinity,
        signal: this.stop.signal,
        take: (streams) => {
          read = this.take(streams);
        },
      })
      .catch((error: unknown) => ({ hasTimedOut: false, output: (error as Error).message }));
    await read;
    this.end = end;
    this.opened.resolve(undefined);
    this.finished.resolve(end);
  }

  /** @returns whether the caller is the one that may write now */
  beginInput(): boolean {
    if (this.hasWriter) return false;
    this.hasWriter = true;
    return true;
  }

  endInput(): void {
    this.hasWriter = false;
  }

  get hasTerminal(): boolean {
    return this.command.terminal !== undefined;
  }

  /** Sets the size of its terminal's window. Does nothing without one, or once it is over. @throws when it is refused */
  async resize(window: WindowSize): Promise<void> {
    const opened = await this.opened.promise;
    if (this.end === undefined) await opened?.resize?.(window);
  }

  /**
   * Gives the command input, as fast as it reads. Nothing is the end of it, except for a terminal, where the end is a character like any
   * other. Does nothing once the command does not read any more.
   */
  async write(data: Buffer): Promise<void> {
    const stdin = (await this.opened.promise)?.stdin;
    if (stdin === undefined || stdin.destroyed || stdin.writableEnded) return;
    if (data.length === 0) {
      if (!this.hasTerminal) stdin.end();
      return;
    }
    await new Promise<void>((resolve) => {
      stdin.write(data, () => resolve());
    });
  }

  /** Sends a signal to its command and all that it has started; SIGKILL ends it. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (signal === 'SIGKILL') this.abort();
    else (await this.opened.promise)?.signal(signal);
  }

  /** Ends it. */
  abort(): void {
    this.stop.abort();
  }

  private async take({ stdin, stdout, stderr, ...more }: InsideStreams): Promise<void> {
    // The command need not read its input: what is left of it is nobody's concern.
    stdin.on('error', () => undefined);
    this.opened.resolve({ stdin, ...more });
    await Promise.all([this.pass(stdout, 'STDOUT'), this.pass(stderr, 'STDERR')]);
  }

  private async pass(output: Readable, stream: SessionPiece['stream']): Promise<void> {
    try {
      for await (const data of output as AsyncIterable<Buffer>) {
        await Promise.all([...this.readers].map((reader) => reader({ stream, data })));
      }
    } catch (error) {
      // Destroyed with the session.
      if (!this.isAborted) throw error;
    }
  }
}
