import type { Downloaded } from '../fetch-worker.port.js';

/** A file of the cache that somebody uses: it stays where it is until it is released. */
export interface CachedFile extends Downloaded {
  readonly file: string;
  release(): void;
}

/** What the cache needs done for one file. */
export interface CacheFill {
  /** Undefined when the source does not tell: such a file is not cached. */
  sizeOf(): Promise<number | undefined>;
  download(file: string): Promise<Downloaded>;
  isIntact(file: string, expected: Downloaded): Promise<boolean>;
}

export interface FetchCacheOptions {
  /** Of all files together. */
  readonly capacityBytes: number;
  /** Makes a path for a new file of a user. */
  readonly pathFor: (user: string, serial: number, uri: string) => Promise<string>;
  /** Removes a file, if it is there. Does not throw. */
  readonly remove: (file: string) => void;
}

interface Entry {
  readonly key: string;
  readonly file: string;
  sizeBytes: number;
  sha256: string;
  uses: number;
}

/**
 * Files that tasks of one user share, by URI.
 *
 * One download serves everybody who asks meanwhile. Room is made by removing what was used longest ago and is not in use. A file that
 * is not as it was downloaded, whoever changed it, is downloaded again. What cannot be cached is left to the caller.
 *
 * @source Mesos 1.11: fetcher cache
 */
export class FetchCache {
  /** Least recently used first. */
  private readonly entries = new Map<string, Entry>();
  private readonly filling = new Map<string, Promise<void>>();
  private reservedBytes = 0;
  private serial = 0;

  constructor(private readonly options: FetchCacheOptions) {}

  get capacityBytes(): number {
    return this.options.capacityBytes;
  }

  /** Of files that are there or on their way. */
  get usedBytes(): number {
    return this.reservedBytes;
  }

  /**
   * @returns the file, to be released by the caller; undefined for one that does not fit or whose size nobody tells
   * @throws what the download throws; those who waited for it then try themselves
   */
  async obtain(user: string, uri: string, fill: CacheFill): Promise<CachedFile | undefined> {
    const key = `${user}@${uri}`;
    for (;;) {
      const underWay = this.filling.get(key);
      if (underWay !== undefined) {
        await underWay;
        continue;
      }
      const entry = this.entries.get(key);
      if (entry === undefined) return this.fillOnce(key, user, uri, fill);
      const used = this.use(entry);
      if (await fill.isIntact(entry.file, entry).catch(() => false)) return used;
      used.release();
      this.drop(entry);
    }
  }

  private async fillOnce(key: string, user: string, uri: string, fill: CacheFill): Promise<CachedFile | undefined> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.filling.set(key, promise);
    try {
      return await this.fill(key, user, uri, fill);
    } finally {
      this.filling.delete(key);
      resolve();
    }
  }

  private async fill(key: string, user: string, uri: string, fill: CacheFill): Promise<CachedFile | undefined> {
    const promised = (await fill.sizeOf()) ?? 0;
    if (promised <= 0 || !this.reserve(promised)) return undefined;
    this.serial += 1;
    let downloaded: Downloaded;
    let file: string;
    try {
      file = await this.options.pathFor(user, this.serial, uri);
      downloaded = await fill.download(file);
    } catch (error) {
      this.reservedBytes -= promised;
      throw error;
    }
    const entry: Entry = { key, file, ...downloaded, uses: 0 };
    this.reservedBytes += downloaded.sizeBytes - promised;
    this.entries.set(key, entry);
    const used = this.use(entry);
    // The source had told less than it gave: others have to go, and if they don't suffice, this one when it is not used any more.
    this.evict(0);
    return used;
  }

  private use(entry: Entry): CachedFile {
    entry.uses += 1;
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      entry.uses -= 1;
      this.evict(0);
    };
    const { file, sizeBytes, sha256 } = entry;
    return { file, sizeBytes, sha256, release };
  }

  private reserve(bytes: number): boolean {
    if (!this.evict(bytes)) return false;
    this.reservedBytes += bytes;
    return true;
  }

  /** @returns whether so much more fits now */
  private evict(bytes: number): boolean {
    const idle = [...this.entries.values()].filter(({ uses }) => uses === 0);
    const idleBytes = idle.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const { capacityBytes } = this.options;
    if (bytes > 0 && this.reservedBytes - idleBytes + bytes > capacityBytes) return false;
    for (const entry of idle) {
      if (this.reservedBytes + bytes <= capacityBytes) break;
      this.drop(entry);
    }
    return true;
  }

  private drop(entry: Entry): void {
    if (this.entries.get(entry.key) !== entry) return;
    this.entries.delete(entry.key);
    this.reservedBytes -= entry.sizeBytes;
    this.options.remove(entry.file);
  }
}
