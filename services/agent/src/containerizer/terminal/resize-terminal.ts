import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isInOther } from '../inside/differing-namespaces.js';
import { readProcesses } from '../processes/process-tree.js';
import type { WindowSize } from './terminal.js';
import { terminalDevice } from './terminal-device.js';

/** The command is on its way to its terminal for some milliseconds, more on a busy machine. */
const RETRY_MS = 20;
const ATTEMPTS = 250;

/**
 * Sets the size of the window of a command that was started on a terminal; its foreground processes are told by SIGWINCH.
 *
 * @param root   pid of the process that the command was started by
 * @param isOver whether the command has ended meanwhile
 * @throws when the size is refused, or no terminal appears
 */
export async function resizeTerminal(
  root: number,
  { rows, columns }: WindowSize,
  stty: string,
  isOver: () => boolean,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (isOver()) return;
    const device = terminalDevice(root, readProcesses(), (pid) => isInOther(pid, 'mnt'));
    if (device !== undefined) {
      await promisify(execFile)(stty, ['-F', device, 'rows', String(rows), 'columns', String(columns)]);
      return;
    }
    await delay(RETRY_MS);
  }
  throw new Error('the terminal is not there');
}
