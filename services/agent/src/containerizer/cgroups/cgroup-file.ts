import { readFileSync, writeFileSync } from 'node:fs';

/** Reads a cgroupfs or procfs file; undefined when it or its cgroup is gone. Synchronous: these files live in memory. */
export function readCgroupFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENOTDIR' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Writes an existing control file. `r+`: never creates a plain file beside the kernel's own. */
export function writeCgroupFile(path: string, value: string | number): void {
  writeFileSync(path, String(value), { flag: 'r+' });
}

/** A file that holds one number; `max` is Infinity. Undefined when the file is gone. */
export function readCgroupNumber(path: string): number | undefined {
  const text = readCgroupFile(path)?.trim();
  if (text === undefined || text === '') return undefined;
  return text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
}

/** A file of lines `name number`, as memory.stat and cpu.stat are. Empty when the file is gone. */
export function readCgroupTable(path: string): ReadonlyMap<string, number> {
  return parseCgroupTable(readCgroupFile(path) ?? '');
}

export function parseCgroupTable(text: string): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) table.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return table;
}
