import { renameSync, statSync } from 'node:fs';

/** Of a log file of the local cluster; there is one before it at most. A line for each message is some 300 bytes. */
export const MAX_LOG_BYTES = 64 << 20;

/** Makes room for a new log file: the one that is there becomes `NAME.1`, instead of the one that was that. */
export const putAside = (file: string): void => renameSync(file, `${file}.1`);

/** The same for one that is too large already, before a process appends to it. One that is not there is none. */
export function putAsideIfLarge(file: string, maxBytes = MAX_LOG_BYTES): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxBytes) putAside(file);
}
