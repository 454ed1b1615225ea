import { readFile } from 'node:fs/promises';

/** Names of users and groups by number, as listings show them; a number without a name is shown as a number. */
export interface HostNames {
  user(uid: number): string;
  group(gid: number): string;
}

/** Reads the names of this machine. @param etc folder of `passwd` and `group` */
export async function hostNames(etc = '/etc'): Promise<HostNames> {
  const [users, groups] = await Promise.all([namesOf(`${etc}/passwd`), namesOf(`${etc}/group`)]);
  return {
    user: (uid) => users.get(uid) ?? String(uid),
    group: (gid) => groups.get(gid) ?? String(gid),
  };
}

/** Both files have the name first and the number third. */
async function namesOf(file: string): Promise<Map<number, string>> {
  const text = await readFile(file, 'utf8');
  return new Map(
    text
      .split('\n')
      .map((line) => line.split(':'))
      .flatMap(([name, , id]) => (name === undefined || id === undefined ? [] : [[Number(id), name]])),
  );
}
