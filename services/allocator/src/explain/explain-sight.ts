import type { Blocker, Help } from '@tranche/allocation';
import type { FunnelSampleView } from '@tranche/contracts';
import type { Sight } from '@tranche/http';
import type { ClusterRecords } from './cluster-records.js';

/** Whom an explanation may name. What it counts, it counts whoever they are: else its sums were wrong. */
export interface ExplainSight {
  /** False for one that is not known any more, too: nobody can tell whose it was. */
  readonly framework: (frameworkId: string) => boolean;
  readonly role: (role: string) => boolean;
}

export const ANOTHER_FRAMEWORK = 'another framework';
export const ANOTHER_ROLE = 'another role';

const ALL: ExplainSight = { framework: () => true, role: () => true };

/** @param sight undefined: everything may be seen */
export function explainSight(sight: Sight | undefined, records: Pick<ClusterRecords, 'findFramework'>): ExplainSight {
  if (sight === undefined) return ALL;
  return {
    framework: (frameworkId) => {
      const record = records.findFramework(frameworkId);
      return record !== undefined && sight.framework(record.info.user);
    },
    role: sight.role,
  };
}

/** Whether the commands that remove an obstacle would name somebody who may not be named, or something of theirs. */
export const namesTheUnseen = (
  blockers: readonly Blocker[],
  { met = [] }: Pick<Help, 'met'>,
  sees: ExplainSight,
): boolean =>
  met.some(({ role }) => !sees.role(role)) ||
  blockers.some(
    (blocker) =>
      (blocker.code === 'agent.reserved' && blocker.reservedTo.some(({ role }) => !sees.role(role))) ||
      (blocker.code === 'agent.offered' && blocker.holders.some(({ frameworkId }) => !sees.framework(frameworkId))),
  );

/** Obstacles whose text names others. */
const NAMES_OTHERS: ReadonlySet<string> = new Set([
  ...['agent.reserved', 'agent.in_use', 'agent.offered', 'quota.headroom', 'order.share'],
]);

/** Samples as who may not see everybody is told them: their texts were written for all. */
export const withoutOthers = (samples: readonly FunnelSampleView[]): FunnelSampleView[] =>
  samples.map(({ funnel, ...sample }) => ({
    ...sample,
    funnel: funnel.map((step) => (NAMES_OTHERS.has(step.code) ? { ...step, text: 'others' } : step)),
  }));
