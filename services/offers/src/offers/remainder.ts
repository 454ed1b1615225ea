import { applyConversion, type Conversion, type ConversionResult, Resources } from '@tranche/resources';

/** What is left of the offers of an ACCEPT while its operations are done one after the other. A value: each step makes a new one. */
export interface Remainder {
  readonly offered: Resources;
  /** What the next operation may use: what was offered, converted by those before it, less what they have launched on. */
  readonly available: Resources;
  /** All shared volumes there, also those that were launched on: any number of tasks may use one copy. */
  readonly shared: Resources;
  /** Volumes that were grown or shrunk: usable only in a later offer. */
  readonly resized: Resources;
}

/** @param offered sum of the offers, with allocation roles */
export const remainderOf = (offered: Resources): Remainder => ({
  offered,
  available: offered,
  shared: offered.shared(),
  resized: Resources.EMPTY,
});

/** What tasks are judged by: every copy of a shared volume is there for each. */
export const launchable = ({ available, shared }: Remainder): Resources => available.nonShared().plus(shared);

/** After tasks were launched on some of it. */
export const launchedOn = (remainder: Remainder, needed: Resources): Remainder => ({
  ...remainder,
  available: remainder.available.minus(needed),
});

/** Copies of shared volumes that a launch takes beyond those that were offered. */
export const extraCopies = ({ available }: Remainder, needed: Resources): Resources =>
  needed.shared().minus(available.shared());

export type RemainderResult =
  | { readonly ok: true; readonly remainder: Remainder }
  /** `reason` in Mesos' words. */
  | { readonly ok: false; readonly reason: string };

/** After resources were reserved, unreserved, or made volumes of and back: the next operation may use the result. */
export function converted(remainder: Remainder, conversion: Conversion): RemainderResult {
  const result: ConversionResult = applyConversion(remainder.available, conversion.consumed, conversion.converted);
  if (!result.ok) return result;
  const shared = remainder.shared.minus(conversion.consumed.shared()).plus(conversion.converted.shared());
  return { ok: true, remainder: { ...remainder, available: result.resources, shared } };
}

/** After a volume was grown or shrunk: no later operation of the call may use the result. @param type names it in the refusal */
export function resized(remainder: Remainder, conversion: Conversion, type: string): RemainderResult {
  const { available } = remainder;
  if (!available.contains(conversion.consumed)) {
    const [left, needed] = [available.toString(), conversion.consumed.toString()];
    return { ok: false, reason: `Invalid ${type} operation: ${left} does not contain ${needed}` };
  }
  return {
    ok: true,
    remainder: {
      ...remainder,
      available: available.minus(conversion.consumed),
      resized: remainder.resized.plus(conversion.converted),
    },
  };
}

/**
 * How what is left goes back: what the operations made of the offers without a filter, so that it is offered again at once; what was offered
 * and not used with the filters of the call.
 *
 * @source scheduler API §5.2 step 6
 */
export function settled({ offered, available, resized }: Remainder): {
  readonly made: Resources;
  readonly refused: Resources;
} {
  const all = available.plus(resized);
  const made = all.minus(offered);
  return { made, refused: all.minus(made) };
}
