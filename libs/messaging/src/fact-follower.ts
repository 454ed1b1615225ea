import type { FactNumbers } from '@tranche/contracts';
import type { MessageContext } from './message-bus.js';

/** What to do with a fact: `gap` means that a snapshot is due before anything else of this source. */
export type FactVerdict = 'apply' | 'skip' | 'gap';

/**
 * Follows the numbers of one source's facts, so that a missed one is noticed and a repeated one has no effect.
 *
 * Before the first snapshot everything is a gap. A new life of the source counts from 1 again and is a gap too.
 */
export class FactFollower {
  private source: string | undefined;
  private readonly last = new Map<string, number>();
  /** The numbers of the newest snapshot. */
  private startedFrom: FactNumbers['numbers'] = {};

  /** Goes on from a snapshot: facts up to its numbers are contained in it. */
  startFrom(asOf: FactNumbers): void {
    this.source = asOf.source;
    this.startedFrom = asOf.numbers;
    this.last.clear();
    for (const [pattern, number] of Object.entries(asOf.numbers)) this.last.set(pattern, number);
  }

  /** Whether a command was sent after the snapshot, by the life that made it. */
  isNews({ source, pattern, sequence }: Pick<MessageContext, 'source' | 'pattern' | 'sequence'>): boolean {
    return source === this.source && sequence > (this.startedFrom[pattern] ?? 0);
  }

  /** Judges one message and, when it is to be applied, counts it. */
  take(context: Pick<MessageContext, 'source' | 'pattern' | 'sequence'>): FactVerdict {
    if (context.source !== this.source) return 'gap';
    const last = this.last.get(context.pattern) ?? 0;
    if (context.sequence <= last) return 'skip';
    if (context.sequence > last + 1) return 'gap';
    this.last.set(context.pattern, context.sequence);
    return 'apply';
  }
}
