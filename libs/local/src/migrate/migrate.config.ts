import { readFileSync } from 'node:fs';
import { withCredentials } from '@tranche/persistence';

/**
 * `DATABASE_URL` with `DATABASE_USER` and `DATABASE_PASSWORD` in it, each itself or the content of the file that `<NAME>_FILE` names.
 *
 * @returns undefined without a url. @throws when a file cannot be read
 */
export function readDatabaseUrl(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const read = (name: string): string | undefined => {
    if (env[name]) return env[name];
    const file = env[`${name}_FILE`];
    return file ? readFileSync(file, 'utf8').trimEnd() : undefined;
  };
  const url = read('DATABASE_URL');
  return url === undefined ? undefined : withCredentials(url, read('DATABASE_USER'), read('DATABASE_PASSWORD'));
}
