const PAGE_SIZE = 64;
/** So many changes of a page wait for somebody to read it: each takes more memory than it does among the bytes of its page. */
const MAX_WAITING = 8;
/** Neighbours that together fill no more than this part of a page become one. */
const MERGE_BELOW = 1 / 2;

const EMPTY = Buffer.alloc(0);

/** Between the elements of a JSON array. */
export const COMMA = Buffer.from(',');

/**
 * A page of agents: they change with each task and offer, anywhere in the list. Buffers that are made anew have V8 collect garbage, every 64 MiB all of
 * it; smaller pages still would cost more for gzip than they save.
 */
export const AGENTS_A_PAGE = 16;

/** Elements in a row, as bytes: what has changed since they were last put in a row is beside them. */
class Page {
  /** Undefined: the element has gone. */
  private keys: (string | undefined)[] = [];
  /** Where each of the first elements ends in `row`; those behind them have never been in it. */
  private ends: number[] = [];
  private row: Buffer = EMPTY;
  private isStale = false;
  private readonly waiting = new Map<string, Buffer>();
  /** Elements that it was ever given. */
  taken = 0;
  size = 0;

  constructor(private readonly separator: Buffer) {}

  append(key: string): void {
    this.keys.push(key);
    this.taken++;
    this.size++;
  }

  set(key: string, element: Buffer): void {
    this.waiting.set(key, element);
    this.isStale = true;
    if (this.waiting.size >= MAX_WAITING) this.bytes();
  }

  delete(key: string): void {
    this.keys[this.keys.indexOf(key)] = undefined;
    this.waiting.delete(key);
    this.size--;
    this.isStale = true;
  }

  get(key: string): Buffer {
    const at = this.keys.indexOf(key);
    return this.waiting.get(key) ?? this.row.subarray(this.startOf(at), this.ends[at]);
  }

  bytes(): Buffer {
    if (this.isStale) this.putInARow();
    return this.row;
  }

  /** Takes over the elements of the next page. @returns their keys */
  absorb(next: Page): string[] {
    const rows = [this.bytes(), next.bytes()];
    const offset = this.row.length + this.separator.length;
    this.ends.push(...next.ends.map((end) => offset + end));
    const added = next.keys.flatMap((key) => key ?? []);
    this.keys.push(...added);
    this.taken += added.length;
    this.size += added.length;
    this.row = joined(rows, this.separator);
    return added;
  }

  /** Copies what has not changed, which is cheaper by far than encoding it. */
  private putInARow(): void {
    const keys: string[] = [];
    const ends: number[] = [];
    const row = Buffer.allocUnsafeSlow(this.sizeInARow());
    let to = 0;
    for (const [at, key] of this.keys.entries()) {
      if (key === undefined) continue;
      if (keys.length > 0) to += this.separator.copy(row, to);
      const changed = this.waiting.get(key);
      to += changed?.copy(row, to) ?? this.row.copy(row, to, this.startOf(at), this.ends[at]);
      keys.push(key);
      ends.push(to);
    }
    Object.assign(this, { keys, ends, row, isStale: false });
    this.waiting.clear();
  }

  private sizeInARow(): number {
    let sizeBytes = this.separator.length * Math.max(0, this.size - 1);
    for (const [at, key] of this.keys.entries()) {
      if (key === undefined) continue;
      sizeBytes += this.waiting.get(key)?.length ?? (this.ends[at] ?? 0) - this.startOf(at);
    }
    return sizeBytes;
  }

  private startOf(at: number): number {
    return at === 0 ? 0 : (this.ends[at - 1] ?? 0) + this.separator.length;
  }
}

/**
 * The elements of one list, each rendered, under a key, in the order in which they came.
 *
 * They are kept as bytes in pages, which can be sent as they are: elements by themselves, as texts, took ten times the memory of what is
 * sent, all of it on the heap. Reading copies the pages in which something has changed since the last reading, so that polling a document of
 * a hundred thousand tasks costs what has changed, not what is there.
 */
export class FragmentList {
  private readonly pageOf = new Map<string, Page>();
  private readonly pages = new Set<Page>();
  private newest: Page | undefined;

  /**
   * @param separator between two elements, if anything
   * @param pageSize elements whose bytes are kept together: a change costs the copying of so many, an unchanged page a reference
   */
  constructor(
    private readonly separator: Buffer = EMPTY,
    private readonly pageSize = PAGE_SIZE,
  ) {}

  get size(): number {
    return this.pageOf.size;
  }

  /** Replaces the element in its place, or appends it. */
  set(key: string, element: Buffer): void {
    const page = this.pageOf.get(key) ?? this.append(key);
    page.set(key, element);
  }

  delete(key: string): void {
    const page = this.pageOf.get(key);
    if (page === undefined) return;
    this.pageOf.delete(key);
    page.delete(key);
    if (page.size > 0) return;
    this.pages.delete(page);
    if (this.newest === page) this.newest = undefined;
  }

  get(key: string): Buffer | undefined {
    return this.pageOf.get(key)?.get(key);
  }

  /** Appends the elements to the chunks of a document. */
  writeTo(chunks: Buffer[]): void {
    this.mergeSmall();
    let isFirst = true;
    for (const page of this.pages) {
      if (!isFirst && this.separator.length > 0) chunks.push(this.separator);
      isFirst = false;
      chunks.push(page.bytes());
    }
  }

  private append(key: string): Page {
    if (this.newest === undefined || this.newest.taken >= this.pageSize) {
      this.newest = new Page(this.separator);
      this.pages.add(this.newest);
    }
    this.newest.append(key);
    this.pageOf.set(key, this.newest);
    return this.newest;
  }

  /** Where most have gone, what has stayed would be sent in ever smaller pieces. */
  private mergeSmall(): void {
    const most = this.pageSize * MERGE_BELOW;
    let before: Page | undefined;
    for (const page of this.pages) {
      if (before === undefined || page === this.newest || before.size + page.size > most) {
        before = page;
        continue;
      }
      for (const key of before.absorb(page)) this.pageOf.set(key, before);
      this.pages.delete(page);
    }
  }
}

const joined = ([first = EMPTY, second = EMPTY]: readonly Buffer[], separator: Buffer): Buffer =>
  Buffer.concat([first, separator, second]);
