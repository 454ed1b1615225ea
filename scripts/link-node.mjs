// The Node that the dependencies bring, under the name `node` where scripts find it.
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes `node_modules/.bin/node` where it is missing: npm 9 (Debian 12) removes it together with the Node of the other kinds of machines,
 * which it has not installed.
 *
 * @param folder that has `node_modules`
 */
export function linkNode(folder) {
  const name = `node-${process.platform}-${process.arch}`;
  const link = join(folder, 'node_modules/.bin/node');
  if (existsSync(join(folder, 'node_modules', name, 'bin/node')) && !existsSync(link)) {
    symlinkSync(join('..', name, 'bin/node'), link);
  }
}
