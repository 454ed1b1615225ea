/** Changes of one resource follow each other: between the look at its tag and the change nobody else changes it. */
export class ResourceLocks {
  private readonly tails = new Map<string, Promise<void>>();

  /** @returns lets the next one in */
  async take(resource: string): Promise<() => void> {
    const before = this.tails.get(resource);
    let release = (): void => undefined;
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = (before ?? Promise.resolve()).then(() => mine);
    this.tails.set(resource, tail);
    await before;
    return () => {
      if (this.tails.get(resource) === tail) this.tails.delete(resource);
      release();
    };
  }
}
