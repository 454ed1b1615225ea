import type { CliContext } from '../cli-context.js';
import { EXIT_CODES } from '../exit-code.js';
import { showOne } from '../output/show-one.js';
import { type EachResult, eachTarget } from './each-target.js';

/** So many names stand in a question. */
const MAX_NAMED = 10;

/** A thing, and what the cluster says of it. */
export interface Judged<T, V> {
  readonly target: T;
  readonly view: V;
}

/** What a command does to each thing that it is meant for. */
export interface TargetChange<T, V extends object> {
  /** `agent`. */
  readonly kind: string;
  /** `n1`: in the question, and before a failure. */
  readonly nameOf: (target: T) => string;
  /** Has the cluster do it, or as a trial only judge it. @returns the REST resource */
  readonly send: (target: T, isTrial: boolean) => Promise<V>;
  /**
   * What is asked before, with what it costs.
   *
   * @param what `n1`, or `3 agents (n1, n2, n3)`
   */
  readonly question: (what: string, trials: readonly Judged<T, V>[]) => string;
  /** Something is lost by it: asked before also when it is about one thing only. */
  readonly isLossy?: boolean;
  /** Printed for people, a line without its end: `draining n1`. */
  readonly text: (target: T, view: V, isTrial: boolean) => string;
  /** Printed with `-o name`. */
  readonly idOf: (target: T, view: V) => string;
}

/**
 * Asks once, has everything done, prints each result. With `--dry-run` everything is only judged. When one of several fails, the others
 * are done all the same.
 *
 * @param isList JSON is a list whatever the number: a command's form does not depend on how many there are
 * @returns exit code, the worst
 */
export async function changeTargets<T, V extends object>(
  context: CliContext,
  targets: readonly T[],
  change: TargetChange<T, V>,
  isList: boolean,
): Promise<number> {
  return (await changeEach(context, targets, change, isList)).exitCode;
}

/** The same. @returns also what has been changed, in a dry run what would be */
export async function changeEach<T, V extends object>(
  context: CliContext,
  targets: readonly T[],
  change: TargetChange<T, V>,
  isList: boolean,
): Promise<EachResult<T>> {
  const { dryRun, yes } = context.flags;
  if (dryRun) return carryOut(context, targets, change, { isTrial: true, isList });
  const asks = yes !== true && (change.isLossy === true || targets.length > 1);
  const agreed = asks ? await agree(context, targets, change) : { results: targets, exitCode: EXIT_CODES.done };
  if (agreed.results.length > 0) await context.mayChange();
  else if (agreed.exitCode !== EXIT_CODES.done) return { results: [], exitCode: agreed.exitCode };
  const { results, exitCode } = await carryOut(context, agreed.results, change, { isTrial: false, isList });
  return { results, exitCode: Math.max(exitCode, agreed.exitCode) };
}

/** Tells what it would cost, and asks. What is refused already drops out. @returns nothing when the answer is no, or nothing is left */
async function agree<T, V extends object>(
  context: CliContext,
  targets: readonly T[],
  { kind, nameOf, send, question }: TargetChange<T, V>,
): Promise<EachResult<T>> {
  const { results: trials, exitCode } = await eachTarget(context, targets, nameOf, async (target) => ({
    target,
    view: await send(target, true),
  }));
  const left = trials.map(({ target }) => target);
  if (left.length === 0) return { results: [], exitCode };
  const isAgreed = await context.confirm(question(whatText(left.map(nameOf), kind), trials));
  return isAgreed ? { results: left, exitCode } : { results: [], exitCode: EXIT_CODES.failed };
}

async function carryOut<T, V extends object>(
  context: CliContext,
  targets: readonly T[],
  { nameOf, send, text, idOf }: TargetChange<T, V>,
  { isTrial, isList }: { isTrial: boolean; isList: boolean },
): Promise<EachResult<T>> {
  const isDocument = isList && context.settings.output === 'json';
  const { results, exitCode } = await eachTarget(context, targets, nameOf, async (target) => {
    const view = await send(target, isTrial);
    if (!isDocument) showOne(context, view, idOf(target, view), () => `${text(target, view, isTrial)}\n`);
    return { target, view };
  });
  const items = results.map(({ view }) => view);
  if (isDocument) context.io.stdout.write(`${JSON.stringify({ items }, undefined, 2)}\n`);
  return { results: results.map(({ target }) => target), exitCode };
}

/** `n1`, or `3 agents (n1, n2, n3)`. */
function whatText(names: readonly string[], kind: string): string {
  const [only = ''] = names;
  if (names.length === 1) return only;
  const rest = names.length > MAX_NAMED ? [`and ${names.length - MAX_NAMED} more`] : [];
  return `${names.length} ${kind}s (${[...names.slice(0, MAX_NAMED), ...rest].join(', ')})`;
}
