import type { Resource } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { fitCheckpointed, type FittedResources, needsCheckpoint } from './checkpointed-resources.js';

/**
 * What the agent has: its configured total with its reservations and volumes.
 *
 * They are fitted into the total once, at the agent's start. From then on operations change both sides by themselves: a reservation that
 * waits for room does not move in where another was just given up, since the books of the cluster would not know.
 */
export class AgentResources {
  private fitted: FittedResources;

  /** @param configured by the operator, or detected; without dynamic reservations and volumes */
  constructor(configured: Resources, checkpointed: readonly Resource[] = []) {
    this.fitted = fitCheckpointed(configured, Resources.fromJson(checkpointed));
  }

  /** What is offered, without allocation roles. */
  get total(): Resources {
    return this.fitted.total;
  }

  /** What is remembered and has no room. */
  get unfit(): Resources {
    return this.fitted.unfit;
  }

  /** Takes over the result of an operation. */
  become(fitted: FittedResources): void {
    this.fitted = fitted;
  }
}

/** What of it must be remembered, as v1 documents. */
export const checkpointOf = ({ total, unfit }: FittedResources): Resource[] =>
  total.filter(needsCheckpoint).plus(unfit).toJson();
