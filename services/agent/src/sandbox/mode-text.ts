import { constants } from 'node:fs';

const KINDS = new Map([
  [constants.S_IFDIR, 'd'],
  [constants.S_IFLNK, 'l'],
  [constants.S_IFIFO, 'p'],
  [constants.S_IFSOCK, 's'],
  [constants.S_IFBLK, 'b'],
  [constants.S_IFCHR, 'c'],
]);

const SET_UID = 0o4000;
const SET_GID = 0o2000;
const STICKY = 0o1000;

/** Type and permissions of a file as `ls -l` shows them: `-rw-r--r--`. @param mode as stat(2) gives it */
export function modeText(mode: number): string {
  const kind = KINDS.get(mode & constants.S_IFMT) ?? '-';
  return (
    kind +
    triple(mode >> 6, mode & SET_UID, 's') +
    triple(mode >> 3, mode & SET_GID, 's') +
    triple(mode, mode & STICKY, 't')
  );
}

/** @param special letter that stands for, or in place of, the right to execute */
function triple(bits: number, isSpecial: number, special: string): string {
  const mayExecute = (bits & 1) !== 0;
  const last = isSpecial ? (mayExecute ? special : special.toUpperCase()) : mayExecute ? 'x' : '-';
  return (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + last;
}
