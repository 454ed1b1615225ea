import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { SYSTEM_PATH } from '../../containerizer/processes/system-path.js';

/** As much of what tar says is shown. */
const MAX_MESSAGE_CHARS = 500;

/**
 * How tar restores everything of a file: owner, mode, times, and of its attributes those that a layer may bring. Of overlayfs' own only the one that
 * makes a folder opaque: others could lead out of the layer.
 */
const TAR = [
  ...['--extract', '--file=-', '--numeric-owner', '--same-owner', '--preserve-permissions', '--xattrs'],
  ...['user.*', 'security.capability', 'trusted.overlay.opaque'].map((name) => `--xattrs-include=${name}`),
  '--warning=no-timestamp',
];

/** A tar that unpacks what it is given. */
export interface TarProcess {
  /** Absent where it could not be started: `ended` says why. */
  readonly input: Writable | undefined;
  /** Settles when it is gone. `status` is null for one that was killed or not started; `words` are what it said, or what kept it from starting. */
  readonly ended: Promise<{ readonly status: number | null; readonly words: string }>;
  kill(): void;
}

/**
 * @param folder exists; it works there
 * @param start another way to start a program, for tests
 * @throws the system's error, for want of memory
 */
export function startTar(
  folder: string,
  start: (...call: Parameters<typeof spawn>) => ChildProcess = spawn,
): TarProcess {
  const tar = start('tar', [...TAR, `--directory=${folder}`], {
    env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let words = '';
  // First of all: an error that nobody listens for ends the agent.
  const ended = new Promise<number | null>((resolve) => {
    tar.on('error', (error) => {
      words = `tar: ${error.message}`;
      resolve(null);
    });
    tar.on('close', resolve);
  });
  // Where descriptors have run out there are no streams, whatever was asked for.
  tar.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(0, MAX_MESSAGE_CHARS);
  });
  return {
    input: tar.stdin ?? undefined,
    ended: ended.then((status) => ({ status, words: words.trim() })),
    kill: () => void tar.kill('SIGKILL'),
  };
}
