/** One shared volume on one agent, as part of a holding (allocation rule A23). */
export interface SharedPiece {
  readonly agent: number;
  /** Identity of the volume, interned. */
  readonly kind: number;
  readonly name: number;
  readonly milli: number;
  readonly copies: number;
}

/**
 * Scalar quantities of one holding: parallel lists of interned resource names and thousandths.
 *
 * Filled and emptied again and again by its owner, so that charging a holding to a sorter allocates nothing.
 * Shared volumes are listed apart, because a node counts each of them once however many copies it holds.
 */
export class Amounts {
  /** How many entries of the lists count. */
  size = 0;
  readonly names: number[] = [];
  readonly milli: number[] = [];
  readonly shared: SharedPiece[] = [];

  clear(): void {
    this.size = 0;
    if (this.shared.length > 0) this.shared.length = 0;
  }

  add(name: number, milli: number): void {
    for (let i = 0; i < this.size; i++) {
      if (this.names[i] !== name) continue;
      this.milli[i] = (this.milli[i] as number) + milli;
      return;
    }
    this.names[this.size] = name;
    this.milli[this.size] = milli;
    this.size++;
  }
}
