import type { OperationReport } from '@tranche/contracts';
import type { OfferOperation } from '@tranche/mesos-api';
import { applyConversion, conversionOf, type Resources } from '@tranche/resources';
import { hasEnded, isTerminalOperation, type Operation } from '../operations/operation.js';

/** What has to be done so that operations and the total agree with what an agent says of them. */
export interface OperationPlan {
  /** The agent has it, and nobody here does. */
  readonly adopt: readonly OperationReport[];
  /** Both have it: the agent's status holds. */
  readonly follow: readonly { readonly operation: Operation; readonly report: OperationReport }[];
  /** Still to be done, and the agent does not know it: it may have been lost with a queue. */
  readonly sendAgain: readonly Operation[];
  /** Still to be done, and cannot be any more with what the agent has. */
  readonly drop: readonly Operation[];
  /** Ended, and the agent has forgotten it: it was acknowledged. */
  readonly forget: readonly Operation[];
  /** What the agent has once everything that is still to be done has been done. */
  readonly total: Resources;
}

/**
 * Compares the operations that an agent reports with those that are known of it. The agent is the last word on what it has.
 *
 * @param known in the order in which they were accepted
 * @param truth the agent's total as it reports it, without allocation roles
 * @param isHeardSince whether the agent has told of an operation after its report, which took another way and came later: what was done then is not in
 * the report
 */
export function planOperations(
  known: readonly Operation[],
  reports: readonly OperationReport[],
  truth: Resources,
  isHeardSince: (operation: Operation) => boolean = () => false,
): OperationPlan {
  const plan = {
    adopt: [] as OperationReport[],
    follow: [] as { operation: Operation; report: OperationReport }[],
    sendAgain: [] as Operation[],
    drop: [] as Operation[],
    forget: [] as Operation[],
  };
  let total = truth;
  const unmatched = new Map(reports.map((report) => [report.operationUuid, report]));
  for (const operation of known) {
    const report = unmatched.get(operation.record.operationUuid);
    unmatched.delete(operation.record.operationUuid);
    if (report !== undefined) {
      plan.follow.push({ operation, report });
      if (isToBeDone(report)) total = afterwards(total, report.info) ?? total;
    } else if (hasEnded(operation) && isHeardSince(operation)) {
      if (isDone(operation)) total = afterwards(total, operation.record.info) ?? total;
    } else if (hasEnded(operation)) {
      plan.forget.push(operation);
    } else {
      const then = afterwards(total, operation.record.info);
      if (then === undefined) plan.drop.push(operation);
      else plan.sendAgain.push(operation);
      total = then ?? total;
    }
  }
  for (const report of unmatched.values()) {
    plan.adopt.push(report);
    if (isToBeDone(report)) total = afterwards(total, report.info) ?? total;
  }
  return { ...plan, total };
}

const isDone = ({ record }: Operation): boolean => record.latestStatus.state === 'OPERATION_FINISHED';

const isToBeDone = ({ latestStatus }: OperationReport): boolean => !isTerminalOperation(latestStatus.state);

/** A total after an operation; undefined when it cannot be done with it. */
function afterwards(total: Resources, info: OfferOperation): Resources | undefined {
  const conversion = conversionOf(info);
  if (conversion === undefined) return undefined;
  const { consumed, converted } = conversion;
  const result = applyConversion(total, consumed.withoutAllocationRole(), converted.withoutAllocationRole());
  return result.ok ? result.resources : undefined;
}
