import type { AgentRow } from '../cluster/agent-row.js';
import type { OfferConstraint, OfferConstraintGroups } from '../engine.js';

/** A pattern of an offer constraint that is no regular expression. */
export class OfferConstraintError extends Error {
  readonly code = 'allocation/bad-offer-constraint';

  constructor(readonly pattern: string) {
    super(`offer constraint pattern ${JSON.stringify(pattern)} is not valid`);
    this.name = 'OfferConstraintError';
  }
}

type AgentTest = (agent: AgentRow) => boolean;

/**
 * Whether agents are acceptable for one framework in one role (allocation rule A54).
 *
 * Verdicts are remembered by agent, as patterns are dear and agents' attributes hardly ever change.
 */
export class ConstraintTest {
  readonly #groups: readonly (readonly AgentTest[])[];
  /** By agent index: 0 not asked yet, 1 acceptable, 2 not. */
  #verdicts = new Uint8Array(0);

  /** @throws OfferConstraintError for a bad pattern */
  constructor(readonly groups: OfferConstraintGroups) {
    this.#groups = groups.map((group) => group.map(compile));
  }

  accepts(agent: AgentRow): boolean {
    if (agent.index >= this.#verdicts.length) {
      const larger = new Uint8Array(Math.max(64, agent.index * 2));
      larger.set(this.#verdicts);
      this.#verdicts = larger;
    }
    const known = this.#verdicts[agent.index];
    if (known !== 0) return known === 1;
    const verdict = this.#groups.some((group) => group.every((holds) => holds(agent)));
    this.#verdicts[agent.index] = verdict ? 1 : 2;
    return verdict;
  }

  /** What an agent is has changed, or its index is another agent's now. */
  forget(index: number): void {
    if (index < this.#verdicts.length) this.#verdicts[index] = 0;
  }
}

function compile({ selector, predicate, operand = '' }: OfferConstraint): AgentTest {
  const textOf = selectText(selector);
  switch (predicate) {
    case 'exists':
      return (agent) => textOf(agent) !== undefined;
    case 'notExists':
      return (agent) => textOf(agent) === undefined;
    case 'equals':
      return textTest(textOf, (text) => text === operand, false);
    case 'notEquals':
      return textTest(textOf, (text) => text !== operand, true);
    case 'matches': {
      const pattern = wholeTextPattern(operand);
      return textTest(textOf, (text) => pattern.test(text), false);
    }
    case 'notMatches': {
      const pattern = wholeTextPattern(operand);
      return textTest(textOf, (text) => !pattern.test(text), true);
    }
  }
}

/** Null: it exists and is no text, which satisfies all four text predicates. */
type TextOf = (agent: AgentRow) => string | null | undefined;

function textTest(textOf: TextOf, holds: (text: string) => boolean, ifMissing: boolean): AgentTest {
  return (agent) => {
    const text = textOf(agent);
    if (text === undefined) return ifMissing;
    return text === null || holds(text);
  };
}

function selectText(selector: OfferConstraint['selector']): TextOf {
  if ('attribute' in selector) {
    return ({ attributes }) => {
      const attribute = attributes.find(({ name }) => name === selector.attribute);
      if (attribute === undefined) return undefined;
      return attribute.type === 'TEXT' ? (attribute.text?.value ?? '') : null;
    };
  }
  const { pseudo } = selector;
  return pseudo === 'hostname' ? ({ hostname }) => hostname : ({ domain }) => domain?.[pseudo];
}

/**
 * A pattern in the dialect of clients, which is RE2's: flags may lead it (`(?i)…`), and any punctuation may be escaped.
 *
 * @throws OfferConstraintError
 */
export function wholeTextPattern(pattern: string): RegExp {
  const [, flags, body = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  // The strict mode of JavaScript refuses needless escapes, which RE2 allows.
  const mode = isPattern(body, 'u') ? 'u' : '';
  if (!isPattern(body, mode)) throw new OfferConstraintError(pattern);
  return new RegExp(flags === undefined ? `^(?:${body})$` : `^(?${flags}:${body})$`, mode);
}

function isPattern(text: string, mode: string): boolean {
  try {
    return new RegExp(text, mode) instanceof RegExp;
  } catch {
    return false;
  }
}
