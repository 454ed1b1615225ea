import { type CliIo, type Terminal, writeAll } from '../cli-io.js';
import { UsageError } from '../cli.errors.js';
import type { ContainerStreams } from './run-session.js';
import { ScreenModes } from './screen-modes.js';

/** Our own streams, joined to those of a container. */
export interface LocalStreams extends ContainerStreams {
  /** Puts the terminal back and reads no further. @param isWhole the other side has ended by itself */
  release(isWhole: boolean): void;
}

/**
 * Opens our streams for a container's.
 *
 * @param hasInput  standard input is passed on
 * @param terminal  ours, to be that of the container; keys and output then pass as they are
 */
export function openStreams(
  io: CliIo,
  { hasInput, terminal }: { hasInput: boolean; terminal: Terminal | undefined },
): LocalStreams {
  const input = hasInput ? io.openInput() : undefined;
  const restore = hasInput ? terminal?.makeRaw() : undefined;
  const modes = terminal && new ScreenModes();
  return {
    terminal,
    input: input?.chunks,
    take: (stream, data) => {
      modes?.see(data);
      return writeAll(stream === 'STDOUT' ? io.stdout : io.stderr, data);
    },
    release(isWhole) {
      if (modes && !isWhole) io.stdout.write(modes.restoration());
      restore?.();
      input?.close();
    },
  };
}

/** @throws UsageError when there is no terminal */
export function needTerminal(io: CliIo): Terminal {
  if (io.terminal !== undefined) return io.terminal;
  throw new UsageError('-t: standard input and output are no terminal', ['leave out -t']);
}
