import type { Rule } from '../rule.js';
import { acceptRules } from './accept.rules.js';
import { aclRules } from './acl.rules.js';
import { allocationRules } from './allocation.rules.js';
import { callRules } from './calls.rules.js';
import { checkRules } from './checks.rules.js';
import { eventRules } from './events.rules.js';
import { executorRules } from './executors.rules.js';
import { feedbackRules } from './feedback.rules.js';
import { groupRules } from './groups.rules.js';
import { inverseOfferRules } from './inverse-offers.rules.js';
import { launchRules } from './launch.rules.js';
import { operationRules } from './operations.rules.js';
import { otherRules } from './others.rules.js';
import { subscribeRules } from './subscribe.rules.js';
import { taskRules } from './tasks.rules.js';
import { transportRules } from './transport.rules.js';

/** All rules, in the order of the reference. */
export const RULES: readonly Rule[] = [
  ...transportRules,
  ...checkRules,
  ...subscribeRules,
  ...callRules,
  ...acceptRules,
  ...operationRules,
  ...feedbackRules,
  ...launchRules,
  ...groupRules,
  ...eventRules,
  ...executorRules,
  ...inverseOfferRules,
  ...allocationRules,
  ...taskRules,
  ...otherRules,
  ...aclRules,
];
