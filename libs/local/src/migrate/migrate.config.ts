import { readFileSync } from 'node:fs';

/** `DATABASE_URL`, or the content of the file that `DATABASE_URL_FILE` names. @throws when that cannot be read */
export function readDatabaseUrl(): string | undefined {
  const url = process.env['DATABASE_URL'];
  if (url) return url;
  const file = process.env['DATABASE_URL_FILE'];
  return file ? readFileSync(file, 'utf8').trimEnd() : undefined;
}
