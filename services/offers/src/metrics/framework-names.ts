/** Frameworks are told apart by name up to this many; the rest is counted together, so that labels stay bounded. */
const MAX_NAMES = 200;

/** Names of frameworks as labels of one metric, or of several that belong together. */
export class FrameworkNames {
  private readonly names = new Set<string>();

  /** @returns the name, or `other` for those that came when there were enough */
  labelOf(name: string): string {
    if (!this.names.has(name) && this.names.size >= MAX_NAMES) return 'other';
    this.names.add(name);
    return name;
  }
}
