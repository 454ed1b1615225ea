import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCredentials } from './credentials.js';

const entry = (principals: object, objects: object) => [{ principals, ...objects }];
const ANY = { type: 'ANY' };

describe('who checks the cluster', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-credentials-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const chosen = (acls: object | undefined, ...principals: string[]) => {
    const write = (name: string, content: object): string => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const credentials = principals.map((principal) => ({ principal, secret: 's' }));
    const file = principals.length === 0 ? undefined : write('credentials', { credentials });
    const { own, mayCheck } = readCredentials({ credentials: file, acls: acls && write('acls', acls) });
    return [own?.principal, mayCheck];
  };
  const runs = (...values: string[]) => ({ run_tasks: entry({ values }, { users: { values: ['root'] } }) });

  it.each([
    ['anybody, where nobody is asked', undefined, [], [undefined, true]],
    ['nobody, where the ACLs let no stranger', { permissive: false }, [], [undefined, false]],
    ['the first, without ACLs', undefined, ['a', 'b'], ['a', true]],
    [
      'who may run such a task',
      { permissive: false, ...runs('b'), register_frameworks: entry({ values: ['b'] }, { roles: ANY }) },
      ['a', 'b'],
      ['b', true],
    ],
    ['nobody, where none may register', { permissive: false, ...runs('a') }, ['a'], ['a', false]],
  ])('is %s', (_who, acls, principals, expected) => {
    expect(chosen(acls, ...principals)).toEqual(expected);
  });
});
