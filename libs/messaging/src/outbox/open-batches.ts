import type { CommandContract, FactContract } from '@tranche/contracts';
import { type Batch, isFull } from './batch.js';

/** A batch that takes more items, and what those that it has are about. */
interface OpenBatch {
  readonly batch: Batch;
  /** Of as many of its items as are `seen`: they are looked at when one of another contract wants to pass them. */
  subjects?: Set<string>;
  seen: number;
}

/**
 * The batches of one destination that take more items, oldest first.
 *
 * An item joins the newest one of its contract, past others that are about other subjects. So items of one contract keep their order,
 * and so do those about one subject; what names no subject is passed by nothing and passes nothing. All that is closed is older than what is open.
 */
export class OpenBatches {
  private batches: OpenBatch[] = [];

  /** @returns the batch that an item joins; undefined: it begins one */
  find(contract: FactContract | CommandContract, item: unknown): Batch | undefined {
    let subjects: readonly string[] | undefined;
    for (let index = this.batches.length - 1; index >= 0; index--) {
      const open = this.batches[index] as OpenBatch;
      if (open.batch.contract === contract) return this.unlessFull(open.batch);
      subjects ??= subjectsOf(contract, item);
      if (subjects === undefined || !mayPass(open, subjects)) return undefined;
    }
    return undefined;
  }

  begun(batch: Batch): void {
    // Nothing joins what was begun before a batch that may not be passed.
    if (!hasSubjects(batch.contract)) this.batches = [];
    this.batches.push({ batch, seen: 0 });
  }

  /** With a full one everything before the next is closed, so that what follows stays behind it. */
  private unlessFull(batch: Batch): Batch | undefined {
    if (!isFull(batch)) return batch;
    this.batches = [];
    return undefined;
  }
}

const hasSubjects = (contract: FactContract | CommandContract): contract is FactContract =>
  contract.kind === 'fact' && contract.subjectsOf !== undefined;

const subjectsOf = (contract: FactContract | CommandContract, item: unknown): readonly string[] | undefined =>
  contract.kind === 'fact' ? contract.subjectsOf?.(item) : undefined;

/** Whether nothing in it is about one of these. */
function mayPass(open: OpenBatch, subjects: readonly string[]): boolean {
  const { contract, envelope } = open.batch;
  if (!hasSubjects(contract)) return false;
  open.subjects ??= new Set();
  for (; open.seen < envelope.items.length; open.seen++) {
    for (const subject of subjectsOf(contract, envelope.items[open.seen]) ?? []) open.subjects.add(subject);
  }
  return !subjects.some((subject) => open.subjects?.has(subject));
}
