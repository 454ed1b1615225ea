import type { SharedPiece } from './amounts.js';

/**
 * How many copies of each shared volume every node holds.
 *
 * A shared volume adds its size to a node when the node gets its first copy on an agent, and is taken off with the last
 * (allocation rule A23). Few nodes hold any, so they are kept apart from the flat columns.
 */
export class SharedCopies {
  readonly #byHolder = new Map<number, Map<string, number>>();

  /** @returns whether these are the first copies that the holder has */
  add(holder: number, piece: SharedPiece): boolean {
    let copies = this.#byHolder.get(holder);
    if (copies === undefined) this.#byHolder.set(holder, (copies = new Map()));
    const key = keyOf(piece);
    const before = copies.get(key) ?? 0;
    copies.set(key, before + piece.copies);
    return before === 0;
  }

  /** @returns whether the holder has none left now, having had some */
  remove(holder: number, piece: SharedPiece): boolean {
    const copies = this.#byHolder.get(holder);
    const key = keyOf(piece);
    const before = copies?.get(key);
    if (copies === undefined || before === undefined) return false;
    if (before > piece.copies) {
      copies.set(key, before - piece.copies);
      return false;
    }
    copies.delete(key);
    if (copies.size === 0) this.#byHolder.delete(holder);
    return true;
  }

  /** Makes `to` hold what `from` holds. */
  copy(from: number, to: number): void {
    const copies = this.#byHolder.get(from);
    if (copies !== undefined) this.#byHolder.set(to, new Map(copies));
  }

  forget(holder: number): void {
    this.#byHolder.delete(holder);
  }
}

function keyOf({ agent, kind }: SharedPiece): string {
  return `${agent}:${kind}`;
}
