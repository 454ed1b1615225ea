import type {
  AgentUsage,
  AnswerInverseOffers,
  ConvertFree,
  FreeConversion,
  RecoverResources,
  ReviveOffers,
  UpdateAllocation,
} from '@tranche/contracts';

/**
 * What this service tells the allocator. Nothing here waits or fails: what cannot be delivered is mended by telling the agent's whole usage
 * once it can be.
 */
export interface Allocator {
  /**
   * What is free on an agent shall become something else. This alone waits for the allocator's answer; the caller then tells the agent's
   * whole usage, whatever has become of it: none is told before.
   *
   * @throws when the allocator cannot be asked
   */
  convertFree(item: ConvertFree): Promise<FreeConversion>;
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
