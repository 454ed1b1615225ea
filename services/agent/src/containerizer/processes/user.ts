import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Who a container runs as. */
export interface ResolvedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, the primary one left out. */
  readonly additionalGids: readonly number[];
}

/**
 * Finds a user and its groups in the texts of /etc/passwd and /etc/group. Pure.
 *
 * @returns undefined when there is no such user
 */
export function findUser(name: string, passwd: string, group: string): ResolvedUser | undefined {
  for (const line of passwd.split('\n')) {
    const fields = line.split(':');
    if (fields[0] !== name || fields.length < 4) continue;
    const gid = Number(fields[3]);
    return { name, uid: Number(fields[2]), gid, additionalGids: groupsOf(name, gid, group) };
  }
  return undefined;
}

function groupsOf(name: string, primary: number, group: string): number[] {
  const gids = new Set<number>();
  for (const line of group.split('\n')) {
    const [, , gid, members] = line.split(':');
    if (members?.split(',').includes(name) === true && Number(gid) !== primary) gids.add(Number(gid));
  }
  return [...gids];
}

/** Who this process is; a user id without a name is named by its number. */
export function ownUser(): ResolvedUser {
  try {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid, additionalGids: [] };
  } catch {
    const uid = process.getuid?.() ?? 0;
    return { name: String(uid), uid, gid: process.getgid?.() ?? 0, additionalGids: [] };
  }
}

/**
 * Users of the host. Remembers answers for as long as neither file changes: a launch costs two `stat` calls.
 * Of the users that only a directory service knows, the agent's own is found, and no other.
 */
export class UserDirectory {
  private version = '';
  private passwd = '';
  private group = '';
  private readonly found = new Map<string, ResolvedUser | undefined>();

  constructor(
    private readonly passwdFile = '/etc/passwd',
    private readonly groupFile = '/etc/group',
  ) {}

  /** @returns undefined when the host has no such user */
  resolve(name: string): ResolvedUser | undefined {
    this.refresh();
    if (!this.found.has(name)) this.found.set(name, findUser(name, this.passwd, this.group) ?? this.findSelf(name));
    return this.found.get(name);
  }

  private findSelf(name: string): ResolvedUser | undefined {
    const self = ownUser();
    return self.name === name ? self : undefined;
  }

  private refresh(): void {
    const files = [this.passwdFile, this.groupFile];
    const version = files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs).join();
    if (version === this.version) return;
    [this.passwd = '', this.group = ''] = files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''));
    this.found.clear();
    this.version = version;
  }
}
