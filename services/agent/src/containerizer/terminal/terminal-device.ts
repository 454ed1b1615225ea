import type { ProcessStat } from '../processes/process-identity.js';
import { selectTree } from '../processes/process-tree.js';

/** Device number of a pseudo-terminal's major part. @source Linux, Documentation/admin-guide/devices.txt: Unix98 PTY slaves */
const PTY_MAJOR = 136;

/**
 * Where a terminal is found that was made somewhere below a process: through a process that it controls, since each container may have
 * terminals of its own under the same names. Pure.
 *
 * @param root pid of the process that the command was started by
 * @param isInside whether a process is in the container: one with an image has a terminal of its own behind that which it is entered from
 * @returns undefined while there is none
 */
export function terminalDevice(
  root: number,
  processes: readonly ProcessStat[],
  isInside: (pid: number) => boolean = () => false,
): string | undefined {
  const holders = selectTree(root, processes).filter(({ terminal }) => majorOf(terminal) === PTY_MAJOR);
  const holder = holders.find(({ pid }) => isInside(pid)) ?? holders[0];
  return holder && `/proc/${holder.pid}/root/dev/pts/${minorOf(holder.terminal)}`;
}

/** @source proc_pid_stat(5): tty_nr, bits 15 to 8 the major number, 31 to 20 and 7 to 0 the minor */
const majorOf = (device: number): number => (device >>> 8) & 0xf_ff;
const minorOf = (device: number): number => (device & 0xff) | ((device >>> 12) & 0xf_ff_00);
