/** Elements that are encoded together. A change costs the encoding of so many; an unchanged page costs a reference. */
const PAGE_SIZE = 64;

interface Page<E> {
  readonly elements: Map<string, E>;
  taken: number;
  encoded: Buffer | undefined;
}

/** How the elements of a list stand in a row. */
export interface FragmentForm<E> {
  /** Between two pages, if anything. */
  readonly separator: Buffer | undefined;
  /** A page of elements as bytes. */
  join(elements: readonly E[]): Buffer;
}

/** Elements of a JSON array. */
export const JSON_TEXTS: FragmentForm<string> = {
  separator: Buffer.from(','),
  join: (texts) => Buffer.from(texts.join(',')),
};

/**
 * The elements of one list, each rendered, under a key, in the order in which they came.
 *
 * Reading gives bytes that can be sent as they are: pages in which nothing has changed since the last reading are not encoded again, so
 * that polling a document of a hundred thousand tasks costs what has changed, not what is there.
 */
export class FragmentList<E = string> {
  private readonly pageOf = new Map<string, Page<E>>();
  private readonly pages = new Set<Page<E>>();
  private newest: Page<E> | undefined;

  constructor(private readonly form: FragmentForm<E>) {}

  get size(): number {
    return this.pageOf.size;
  }

  has(key: string): boolean {
    return this.pageOf.has(key);
  }

  /** Replaces the element in its place, or appends it. */
  set(key: string, element: E): void {
    const page = this.pageOf.get(key) ?? this.append(key);
    page.elements.set(key, element);
    page.encoded = undefined;
  }

  delete(key: string): void {
    const page = this.pageOf.get(key);
    if (page === undefined) return;
    this.pageOf.delete(key);
    page.elements.delete(key);
    page.encoded = undefined;
    if (page.elements.size > 0) return;
    this.pages.delete(page);
    if (this.newest === page) this.newest = undefined;
  }

  get(key: string): E | undefined {
    return this.pageOf.get(key)?.elements.get(key);
  }

  /** Key of the oldest element. */
  oldest(): string | undefined {
    for (const page of this.pages) return page.elements.keys().next().value;
    return undefined;
  }

  /** Appends the elements to the chunks of a document. */
  writeTo(chunks: Buffer[]): void {
    const { separator } = this.form;
    let isFirst = true;
    for (const page of this.pages) {
      if (!isFirst && separator !== undefined) chunks.push(separator);
      isFirst = false;
      page.encoded ??= this.form.join([...page.elements.values()]);
      chunks.push(page.encoded);
    }
  }

  private append(key: string): Page<E> {
    if (this.newest === undefined || this.newest.taken >= PAGE_SIZE) {
      this.newest = { elements: new Map(), taken: 0, encoded: undefined };
      this.pages.add(this.newest);
    }
    this.newest.taken++;
    this.pageOf.set(key, this.newest);
    return this.newest;
  }
}
