import { AGENT_VERBS } from './agent.verbs.js';
import { expectVerb } from './expect.verb.js';
import { FRAMEWORK_VERBS } from './framework.verbs.js';
import { OFFER_VERBS } from './offer.verbs.js';
import { OPERATION_VERBS } from './operation.verbs.js';
import { POLICY_VERBS } from './policy.verbs.js';
import { TIME_VERBS } from './time.verbs.js';
import type { Verb } from './verb.js';

/** Every verb of a scenario, by name. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  [
    ...AGENT_VERBS,
    ...FRAMEWORK_VERBS,
    ...OFFER_VERBS,
    ...OPERATION_VERBS,
    ...POLICY_VERBS,
    ...TIME_VERBS,
    expectVerb,
  ].map((verb) => [verb.name, verb] as const),
);
