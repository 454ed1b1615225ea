import { readFile } from 'node:fs/promises';

/** A user of this machine. */
export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The machine has no such user: a task of that user cannot run here. */
export class UnknownUserError extends Error {
  readonly code = 'agent/unknown-user';
  constructor(readonly user: string) {
    super(`Failed to get the user '${user}' of this machine`);
    this.name = 'UnknownUserError';
  }
}

/** Users and groups of this machine, as /etc/passwd and /etc/group list them. Files are read each time: they are small and may change. */
export class HostUsers {
  constructor(private readonly etc = '/etc') {}

  /** @throws UnknownUserError, or the system's error */
  async find(name: string): Promise<HostUser> {
    const user = (await this.users()).find((candidate) => candidate.name === name);
    if (user === undefined) throw new UnknownUserError(name);
    return user;
  }

  /** Names by uid and by gid, for listings; a number without a name is shown as a number. */
  async names(): Promise<{ user(uid: number): string; group(gid: number): string }> {
    const [users, groups] = await Promise.all([this.users(), this.entries('group')]);
    const userNames = new Map(users.map(({ uid, name }) => [uid, name]));
    const groupNames = new Map(groups.map(([name = '', , gid]) => [Number(gid), name]));
    return {
      user: (uid) => userNames.get(uid) ?? String(uid),
      group: (gid) => groupNames.get(gid) ?? String(gid),
    };
  }

  private async users(): Promise<HostUser[]> {
    const entries = await this.entries('passwd');
    return entries.map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  }

  private async entries(file: string): Promise<string[][]> {
    const text = await readFile(`${this.etc}/${file}`, 'utf8');
    return text
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => line.split(':'));
  }
}
