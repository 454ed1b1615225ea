/** A way in which the local cluster answers otherwise than the recorded Mesos, and why. */
export interface KnownDifference {
  /** As `docs/conformance.md` has it. */
  readonly what: string;
  readonly matches: RegExp;
}

/** Every difference that is left, listed with its reason in `docs/conformance.md`. One that is not seen any more is to be taken out. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    what: '`TASK_STARTING` of a task of a group may lack `executor_pid` and `network_infos`',
    matches: /^UPDATEs of (h1|h2): .*TASK_STARTING/,
  },
];
