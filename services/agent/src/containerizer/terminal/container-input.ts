import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { resizeTerminal } from './resize-terminal.js';
import type { WindowSize } from './terminal.js';

/** The container's process opens its end while it is being created. */
const RETRY_MS = 5;
const ATTEMPTS = 400;

/** What somebody types into the terminal of a container. */
export interface ContainerInput {
  /** Settles when the terminal has taken it; at once for one that is gone. */
  write(data: Buffer): Promise<void>;
  /** Sets the size of the window. @throws when it is refused */
  resize(window: WindowSize): Promise<void>;
  /** The terminal stays. */
  close(): void;
}

/** A container whose input is nothing. */
export class NoTerminalError extends Error {
  readonly code = 'containerizer/no-terminal';
  constructor(readonly containerId: string) {
    super(`container ${containerId} has no terminal`);
    this.name = 'NoTerminalError';
  }
}

/**
 * Opens the pipe that a container's terminal is fed by.
 *
 * @param root of the container's processes
 * @param isOver whether the container has ended meanwhile
 * @throws the system's error, ENXIO when nobody reads from the pipe
 */
export async function openContainerInput(
  pipe: string,
  root: number,
  stty: string | undefined,
  isOver: () => boolean,
): Promise<ContainerInput> {
  const descriptor = await openPipe(pipe, isOver);
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  // The container ends when it ends: what was not read by then is nobody's concern.
  socket.on('error', () => undefined);
  return {
    write: (data) =>
      socket.writable ? new Promise((resolve) => socket.write(data, () => resolve())) : Promise.resolve(),
    resize: async (window) => {
      if (stty === undefined) throw new Error('stty not found');
      await resizeTerminal(root, window, stty, isOver);
    },
    close: () => void socket.end(),
  };
}

/** Never waits for a reader in the system: that would hold up a thread of Node for as long. */
async function openPipe(pipe: string, isOver: () => boolean): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      const isEarly = (error as NodeJS.ErrnoException).code === 'ENXIO' && attempt < ATTEMPTS && !isOver();
      if (!isEarly) throw error;
    }
    await delay(RETRY_MS);
  }
}
