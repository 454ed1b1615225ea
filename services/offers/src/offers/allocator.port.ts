import type {
  AgentUsage,
  AnswerInverseOffers,
  RecoverResources,
  ReviveOffers,
  UpdateAllocation,
} from '@tranche/contracts';

/**
 * What this service tells the allocator. Nothing here waits or fails: what cannot be delivered is mended by telling the agent's whole usage
 * once it can be.
 */
export interface Allocator {
  /** Resources are free again; with `refuseSeconds` the framework does not want them for a while. */
  recover(item: RecoverResources): void;
  /** Resources that frameworks hold have become others. Said before what they became is free again. */
  convert(items: readonly UpdateAllocation[]): void;
  revive(item: ReviveOffers): void;
  /** An inverse offer has ended, with an answer or without. */
  answerInverseOffer(item: AnswerInverseOffers): void;
  /** Everything that is held on an agent. */
  usage(item: AgentUsage): void;
}
