import { type Static, Type } from 'typebox';

/**
 * How far a source had counted its facts and commands when it made a snapshot: the last number given, by message pattern.
 * A consumer skips facts up to that number and goes on from there. Commands up to it that say what has changed are in the snapshot, too.
 */
export const FactNumbers = Type.Object({
  /** Identifies one life of the source; numbers start again at 1 in each. */
  source: Type.String(),
  numbers: Type.Record(Type.String(), Type.Integer()),
});
export type FactNumbers = Static<typeof FactNumbers>;
