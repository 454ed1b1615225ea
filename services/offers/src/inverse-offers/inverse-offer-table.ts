import type { InverseOfferAnswer, InverseOfferAnswerRecord, InverseOfferRecord } from '@tranche/contracts';

/**
 * All outstanding inverse offers, at most one for each framework and agent, and the last answers to earlier ones.
 *
 * Only agents under maintenance have any, so that these are few, and those of a framework are found by going through the agents.
 */
export class InverseOfferTable {
  /** Oldest first. */
  private readonly offers = new Map<string, InverseOfferRecord>();
  /** Agent → framework → its inverse offer. */
  private readonly byAgent = new Map<string, Map<string, InverseOfferRecord>>();
  /** Agent → framework → its last answer. */
  private readonly answers = new Map<string, Map<string, InverseOfferAnswerRecord>>();

  get(inverseOfferId: string): InverseOfferRecord | undefined {
    return this.offers.get(inverseOfferId);
  }

  has(frameworkId: string, agentId: string): boolean {
    return this.byAgent.get(agentId)?.has(frameworkId) ?? false;
  }

  add(record: InverseOfferRecord): void {
    this.offers.set(record.inverseOfferId, record);
    const here = this.byAgent.get(record.agentId) ?? new Map<string, InverseOfferRecord>();
    this.byAgent.set(record.agentId, here.set(record.frameworkId, record));
  }

  /** @returns false when it was not outstanding (any more) */
  remove({ inverseOfferId, agentId, frameworkId }: InverseOfferRecord): boolean {
    if (!this.offers.delete(inverseOfferId)) return false;
    const here = this.byAgent.get(agentId);
    here?.delete(frameworkId);
    if (here?.size === 0) this.byAgent.delete(agentId);
    return true;
  }

  noteAnswer({ frameworkId, agentId }: InverseOfferRecord, answer: InverseOfferAnswer, atMs: number): void {
    const here = this.answers.get(agentId) ?? new Map<string, InverseOfferAnswerRecord>();
    this.answers.set(agentId, here.set(frameworkId, { frameworkId, agentId, answer, atMs }));
  }

  /** The agent's unavailability has changed: what was said of the old one counts no more. */
  forgetAnswersOf(agentId: string): void {
    this.answers.delete(agentId);
  }

  /** The framework is gone. */
  forgetAnswersBy(frameworkId: string): void {
    for (const [agentId, here] of this.answers) {
      here.delete(frameworkId);
      if (here.size === 0) this.answers.delete(agentId);
    }
  }

  /** A copy: the caller may remove them on the way. */
  ofFramework(frameworkId: string): InverseOfferRecord[] {
    const found: InverseOfferRecord[] = [];
    for (const here of this.byAgent.values()) {
      const record = here.get(frameworkId);
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  /** A copy: the caller may remove them on the way. */
  ofAgent(agentId: string): InverseOfferRecord[] {
    return [...(this.byAgent.get(agentId)?.values() ?? [])];
  }

  /** Oldest first. */
  all(): IterableIterator<InverseOfferRecord> {
    return this.offers.values();
  }

  *allAnswers(): Generator<InverseOfferAnswerRecord> {
    for (const here of this.answers.values()) yield* here.values();
  }
}
