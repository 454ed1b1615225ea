import type { SchedulerAttributeConstraint, SchedulerOfferConstraints } from '@tranche/mesos-api';

/** Longest regular expression that is taken; Mesos bounds the compiled program, which a text of this length stays within. */
const MAX_REGEX_LENGTH = 1024;

/**
 * What is wrong with the form of offer constraints.
 *
 * @returns undefined when every role has groups, every group constraints, and every constraint a selector and a predicate
 * @source scheduler API §3.1, rule 10
 */
export function constraintsError(constraints: SchedulerOfferConstraints): string | undefined {
  for (const [role, { groups = [] }] of Object.entries(constraints.role_constraints ?? {})) {
    const subject = `constraints for role '${role}'`;
    if (groups.length === 0) return `${subject}: 'groups' must not be empty`;
    for (const { attribute_constraints: parts = [] } of groups) {
      if (parts.length === 0) return `${subject}: a group must contain at least one attribute constraint`;
      const error = parts.map(constraintError).find((found) => found !== undefined);
      if (error !== undefined) return `${subject}: ${error}`;
    }
  }
  return undefined;
}

function constraintError({ selector, predicate }: SchedulerAttributeConstraint): string | undefined {
  const { attribute_name: name, pseudoattribute_type: pseudo } = selector;
  if (name === undefined && (pseudo === undefined || pseudo === 'UNKNOWN')) return 'the selector is not set or unknown';
  const [text] = [predicate.text_matches, predicate.text_not_matches].filter((set) => set !== undefined);
  if (Object.values(predicate).every((set) => set === undefined)) return 'the predicate is not set or unknown';
  return text === undefined ? undefined : regexError(text.regex);
}

function regexError(regex: string): string | undefined {
  if (regex.length > MAX_REGEX_LENGTH)
    return `the regex of ${regex.length} characters is longer than ${MAX_REGEX_LENGTH}`;
  // Neither is regular: RE2 has no back references and no look-around.
  if (/\\[1-9]|\(\?(?:=|!|<=|<!)/.test(regex)) return `the regex '${regex}' uses what RE2 does not support`;
  try {
    void new RegExp(regex.replaceAll('(?P<', '(?<'), 'u');
    return undefined;
  } catch (error) {
    return `the regex '${regex}' is not valid: ${(error as Error).message}`;
  }
}
