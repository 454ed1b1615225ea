import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * When a process was started, in clock ticks since boot: with the pid it names one process for ever.
 *
 * @returns undefined when there is no such process, or it is dead and only waits to be reaped; on systems without /proc always 'unknown'
 * for a living process
 * @source proc(5): fields 3 (state) and 22 (starttime) of /proc/PID/stat, counted after the last parenthesis
 */
export async function processStartTicks(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return isAlive(pid) ? 'unknown' : undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that listens on a TCP port of this machine; undefined when it cannot be found out. */
export async function listenerOf(port: number): Promise<{ pid: number; command: string } | undefined> {
  const inode = await listeningInode(port);
  if (inode === undefined) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      if ((await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')) !== `socket:[${inode}]`) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid: Number(pid), command: command.replaceAll('\0', ' ').trim() };
    }
  }
  return undefined;
}

/** @source proc(5), /proc/net/tcp: local address in hex, state 0A is LISTEN, tenth column is the inode */
async function listeningInode(port: number): Promise<string | undefined> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const [, local = '', , state = '', , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local.endsWith(wanted)) return inode;
    }
  }
  return undefined;
}
