/** A JSON document as bytes in pieces, ready to be sent. */
export interface JsonBody {
  readonly chunks: readonly Buffer[];
  readonly sizeBytes: number;
}

export const jsonBodyOf = (chunks: readonly Buffer[]): JsonBody => ({
  chunks,
  sizeBytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
});

/**
 * Stands for the elements of an array in text that is rendered without them. A zero byte cannot be in JSON text: inside strings it is
 * escaped.
 */
export const GAP = '\0';

/** The pieces of rendered text between its gaps. */
export const splitAtGaps = (text: string): Buffer[] => text.split(GAP).map((piece) => Buffer.from(piece));
