import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findUser, ownUser, UserDirectory } from './user.js';

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000:Alice,,,:/home/alice:/bin/sh\n';
const GROUP = 'root:x:0:\nalice:x:1000:alice\nvideo:x:44:bob,alice\nadm:x:4:bob\n';

describe('findUser', () => {
  it('finds ids and supplementary groups, the primary group left out', () => {
    expect(findUser('alice', PASSWD, GROUP)).toEqual({ name: 'alice', uid: 1000, gid: 1000, additionalGids: [44] });
  });

  it('finds no groups where none names the user', () => {
    expect(findUser('root', PASSWD, GROUP)).toEqual({ name: 'root', uid: 0, gid: 0, additionalGids: [] });
  });

  it('does not know a user that is not there', () => {
    expect(findUser('carol', PASSWD, GROUP)).toBeUndefined();
    expect(findUser('', PASSWD, GROUP)).toBeUndefined();
  });
});

describe('UserDirectory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-users-'));
  const passwd = join(folder, 'passwd');
  const group = join(folder, 'group');

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('knows the user of the agent, even if no file names it', () => {
    const self = ownUser();
    expect(new UserDirectory(join(folder, 'none'), join(folder, 'none')).resolve(self.name)).toEqual(self);
  });

  it('learns of a user that was added meanwhile', () => {
    writeFileSync(passwd, PASSWD);
    writeFileSync(group, GROUP);
    const users = new UserDirectory(passwd, group);
    expect(users.resolve('carol')).toBeUndefined();
    writeFileSync(passwd, `${PASSWD}carol:x:1001:1001::/:/bin/sh\n`);
    utimesSync(passwd, 1, 1);
    expect(users.resolve('carol')?.uid).toBe(1001);
  });
});
