import {
  type InverseOfferAnswerRecord,
  type InverseOffersChanged,
  isIn,
  type OffersSnapshot,
  type Partition,
  WHOLE,
} from '@tranche/contracts';
import type { FactEffect } from '@tranche/messaging';

/** What frameworks last answered to inverse offers of each agent, as `offers` states it. */
export class InverseOfferAnswers {
  /** Agent → framework → its answer. */
  private readonly answers = new Map<string, Map<string, InverseOfferAnswerRecord>>();

  of(agentId: string): Iterable<InverseOfferAnswerRecord> {
    return this.answers.get(agentId)?.values() ?? [];
  }

  replace({ inverseOfferAnswers = [] }: OffersSnapshot, partition: Partition = WHOLE): void {
    for (const answers of this.answers.values()) {
      for (const frameworkId of [...answers.keys()]) if (isIn(partition, frameworkId)) answers.delete(frameworkId);
    }
    for (const answer of inverseOfferAnswers) this.note(answer);
  }

  apply(change: InverseOffersChanged): FactEffect {
    if (change.kind === 'made') return 'applied';
    const { frameworkId, agentId, outcome, atMs } = change;
    if (outcome === 'accepted' || outcome === 'declined') this.note({ frameworkId, agentId, answer: outcome, atMs });
    return 'applied';
  }

  /** What was said of another window counts no more. */
  forgetAgent(agentId: string): void {
    this.answers.delete(agentId);
  }

  private note(answer: InverseOfferAnswerRecord): void {
    const here = this.answers.get(answer.agentId) ?? new Map<string, InverseOfferAnswerRecord>();
    this.answers.set(answer.agentId, here.set(answer.frameworkId, answer));
  }
}
