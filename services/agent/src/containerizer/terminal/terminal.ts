/** Size of a terminal's window, in characters. */
export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** The terminal that a command gets for its input and output. */
export interface Terminal {
  /** When it begins; absent: unknown, as programs see it 0 by 0. */
  readonly window?: WindowSize;
}
