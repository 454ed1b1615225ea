import { type TUnsafe, Type } from 'typebox';

/**
 * A Mesos v1 document inside a message: its JSON form, passed on whole.
 *
 * The schema only asks for an object. The document was validated where it came in from outside, and parsing a
 * hundred nested fields again at each hop would cost more than the hop.
 */
export function document<T>(): TUnsafe<T> {
  return Type.Unsafe<T>(Type.Object({}, { additionalProperties: true }));
}

/** One of a fixed list of words. */
export function word<const W extends readonly string[]>(words: W): TUnsafe<W[number]> {
  return Type.Unsafe<W[number]>(Type.Enum([...words]));
}
