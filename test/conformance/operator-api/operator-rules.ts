import { ACL_RULES } from './acl.rules.js';
import { AGENT_RULES } from './agent.rules.js';
import { CLASSIC_RULES } from './classic.rules.js';
import { OPERATION_RULES } from './operations.rules.js';
import type { OperatorRule } from './operator-rule.js';
import { READ_RULES } from './read.rules.js';
import { ROLE_RULES } from './role.rules.js';
import { STREAM_RULES } from './stream.rules.js';
import { TRANSPORT_RULES } from './transport.rules.js';

/** All rows, in the order in which they are tried: those that take agents away are the last. */
export const OPERATOR_RULES: readonly OperatorRule[] = [
  ...TRANSPORT_RULES,
  ...READ_RULES,
  ...OPERATION_RULES,
  ...ROLE_RULES,
  ...CLASSIC_RULES,
  ...AGENT_RULES,
  ...STREAM_RULES,
  ...ACL_RULES,
];
