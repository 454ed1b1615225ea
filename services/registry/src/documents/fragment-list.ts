/** Elements a page. A change costs one page's encoding at the next read; an unchanged page costs a reference. */
const PAGE_SIZE = 64;

interface Page {
  readonly texts: Map<string, string>;
  taken: number;
  encoded: Buffer | undefined;
}

const COMMA = Buffer.from(',');

/**
 * The elements of one JSON array, each as rendered text under a key, in the order in which they came.
 *
 * Reading gives bytes that can be sent as they are: pages in which nothing has changed since the last reading are not encoded again, so
 * that polling a document of a hundred thousand tasks costs what has changed, not what is there.
 */
export class FragmentList {
  private readonly pageOf = new Map<string, Page>();
  private readonly pages = new Set<Page>();
  private newest: Page | undefined;

  get size(): number {
    return this.pageOf.size;
  }

  has(key: string): boolean {
    return this.pageOf.has(key);
  }

  /** Replaces the element in its place, or appends it. */
  set(key: string, text: string): void {
    const page = this.pageOf.get(key) ?? this.append(key);
    page.texts.set(key, text);
    page.encoded = undefined;
  }

  delete(key: string): void {
    const page = this.pageOf.get(key);
    if (page === undefined) return;
    this.pageOf.delete(key);
    page.texts.delete(key);
    page.encoded = undefined;
    if (page.texts.size > 0) return;
    this.pages.delete(page);
    if (this.newest === page) this.newest = undefined;
  }

  get(key: string): string | undefined {
    return this.pageOf.get(key)?.texts.get(key);
  }

  /** Key of the oldest element. */
  oldest(): string | undefined {
    for (const page of this.pages) return page.texts.keys().next().value;
    return undefined;
  }

  /** Appends the elements, separated by commas, to the chunks of a document. */
  writeTo(chunks: Buffer[]): void {
    let isFirst = true;
    for (const page of this.pages) {
      if (!isFirst) chunks.push(COMMA);
      isFirst = false;
      page.encoded ??= Buffer.from([...page.texts.values()].join(','));
      chunks.push(page.encoded);
    }
  }

  private append(key: string): Page {
    if (this.newest === undefined || this.newest.taken >= PAGE_SIZE) {
      this.newest = { texts: new Map(), taken: 0, encoded: undefined };
      this.pages.add(this.newest);
    }
    this.newest.taken++;
    this.pageOf.set(key, this.newest);
    return this.newest;
  }
}
