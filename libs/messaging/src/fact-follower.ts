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
  /** Of what could not be applied: its source, and its newest number by pattern. */
  private missed: { readonly source: string; readonly newest: Map<string, number> } | undefined;
  /** The numbers of the newest snapshot. */
  private startedFrom: FactNumbers['numbers'] = {};

  /** Goes on from a snapshot: facts up to its numbers are contained in it. */
  startFrom(asOf: FactNumbers): void {
    this.source = asOf.source;
    // What a former life said is void.
    if (this.missed?.source !== asOf.source) this.missed = undefined;
    else this.forgetMissed(asOf.numbers);
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
    if (context.source !== this.source) return this.miss(context);
    const last = this.last.get(context.pattern) ?? 0;
    if (context.sequence <= last) return 'skip';
    if (context.sequence > last + 1) return this.miss(context);
    this.last.set(context.pattern, context.sequence);
    return 'apply';
  }

  /** How many facts of the source were heard of, or must have been sent before those, and are not applied. */
  get behind(): number {
    if (this.missed === undefined) return 0;
    const { source, newest } = this.missed;
    const applied = source === this.source ? this.last : new Map<string, number>();
    let count = 0;
    for (const [pattern, number] of newest) count += Math.max(0, number - (applied.get(pattern) ?? 0));
    return count;
  }

  private miss({ source, pattern, sequence }: Pick<MessageContext, 'source' | 'pattern' | 'sequence'>): 'gap' {
    if (this.missed?.source !== source) this.missed = { source, newest: new Map() };
    const { newest } = this.missed;
    newest.set(pattern, Math.max(sequence, newest.get(pattern) ?? 0));
    return 'gap';
  }

  /** What the snapshot contains is not missed any more. */
  private forgetMissed(numbers: FactNumbers['numbers']): void {
    for (const [pattern, number] of this.missed?.newest ?? []) {
      if (number <= (numbers[pattern] ?? 0)) this.missed?.newest.delete(pattern);
    }
  }
}
