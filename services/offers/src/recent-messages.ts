/** A message is delivered again at once or not at all: what was handled long ago need not be remembered. */
const REMEMBERED = 4096;

/** Remembers messages that were handled, so that a redelivery has no effect. */
export class RecentMessages {
  private readonly ids = new Set<string>();

  /** @returns false the first time */
  isRepeated(messageId: string): boolean {
    if (this.ids.has(messageId)) return true;
    this.ids.add(messageId);
    const [oldest] = this.ids;
    if (this.ids.size > REMEMBERED && oldest !== undefined) this.ids.delete(oldest);
    return false;
  }
}
