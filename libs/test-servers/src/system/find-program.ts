import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { programFolders } from '../test-servers.config.js';

/** @returns the path of an installed program */
export function findProgram(name: string): string | undefined {
  return programFolders()
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** @returns those that are not installed */
export const missingPrograms = (names: readonly string[]): string[] =>
  names.filter((name) => findProgram(name) === undefined);

/** @throws Error when it is not installed */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}
