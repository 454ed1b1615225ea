import type { OfferRecord } from '@tranche/contracts';
import type { Resources } from '@tranche/resources';
import type { KnownAgent } from '../agents/known-agent.js';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { ModelChanges } from '../model/model-changes.js';
import type { TaskEntry, TaskShelf } from '../model/task-entry.js';

/** What is held on an agent or by a framework, as it was at one time. */
interface HeldThen {
  readonly used: { readonly resources: Resources };
  readonly offered: { readonly resources: Resources };
}

export interface ShownTask {
  readonly record: TaskEntry['record'];
  readonly shelf: TaskShelf;
}
export interface ShownAgent extends HeldThen {
  readonly known: KnownAgent;
}
export interface ShownFramework extends HeldThen {
  readonly record: FrameworkEntry['record'];
  readonly isCompleted: boolean;
}

/** What has changed of one framework. Undefined: it is shown no longer. */
export interface PendingFramework {
  /** What was shown of it until now is void. */
  isAnew: boolean;
  shown: ShownFramework | undefined;
  /** By key. */
  readonly tasks: Map<string, ShownTask | undefined>;
  /** By id. */
  readonly offers: Map<string, OfferRecord | undefined>;
}

export interface Pending {
  /** By id, in order of their changes. */
  readonly agents: Map<string, ShownAgent | undefined>;
  readonly frameworks: Map<string, PendingFramework>;
}

const heldNow = ({ used, offered }: Pick<FrameworkEntry, 'used' | 'offered'>): HeldThen => ({
  used: { resources: used.resources },
  offered: { resources: offered.resources },
});

const nothing = (): Pending => ({ agents: new Map(), frameworks: new Map() });

/**
 * What has changed in the model and is not rendered yet, as it was when it was noted: of a thing that changes often its last state alone.
 *
 * Records are replaced, never changed, so that noting a thing costs a reference.
 */
export class PendingState {
  private pending = nothing();
  private notes = 0;

  constructor(private readonly model: ClusterModel) {}

  /** What waits, at most: a thing that changed twice counts twice. */
  get size(): number {
    return this.notes;
  }

  /** Notes everything there is. */
  noteAll(): void {
    for (const framework of this.model.allFrameworks()) {
      const pending = this.noteFramework(framework);
      for (const offer of framework.offers.values()) pending.offers.set(offer.offerId, offer);
    }
    for (const task of this.model.allTasks()) this.noteTask(task);
    for (const agent of this.model.agents.known()) this.noteAgent(agent);
  }

  note(changes: ModelChanges): void {
    for (const { size } of Object.values(changes)) this.notes += size;
    for (const { record } of changes.forgottenFrameworks) this.forgetFramework(record.frameworkId);
    for (const framework of changes.frameworks) this.noteFramework(framework);
    for (const { record, key } of changes.forgottenTasks) this.known(record.frameworkId)?.tasks.set(key, undefined);
    for (const task of changes.tasks) this.noteTask(task);
    for (const { frameworkId, offerId } of changes.endedOffers) this.known(frameworkId)?.offers.set(offerId, undefined);
    for (const offer of changes.offers.values()) this.known(offer.frameworkId)?.offers.set(offer.offerId, offer);
    for (const agent of changes.agents) this.noteAgent(agent);
  }

  /** What was noted since this was last asked. */
  take(): Pending {
    const taken = this.pending;
    this.pending = nothing();
    this.notes = 0;
    return taken;
  }

  private noteFramework(framework: FrameworkEntry): PendingFramework {
    const { record, isCompleted } = framework;
    const pending = this.of(record.frameworkId);
    pending.shown = { record, isCompleted, ...heldNow(framework) };
    return pending;
  }

  private noteTask({ key, record, shelf }: TaskEntry): void {
    this.known(record.frameworkId)?.tasks.set(key, { record, shelf });
  }

  private noteAgent(agent: AgentEntry): void {
    const { agentId, known } = agent;
    this.pending.agents.delete(agentId);
    this.pending.agents.set(agentId, known === undefined ? undefined : { known, ...heldNow(agent) });
  }

  /** What was noted of it before is void, too. */
  private forgetFramework(frameworkId: string): void {
    this.pending.frameworks.delete(frameworkId);
    this.of(frameworkId).isAnew = true;
  }

  /** Nothing is noted of frameworks that are gone. */
  private known(frameworkId: string): PendingFramework | undefined {
    return this.model.framework(frameworkId) === undefined ? undefined : this.of(frameworkId);
  }

  private of(frameworkId: string): PendingFramework {
    let pending = this.pending.frameworks.get(frameworkId);
    if (pending === undefined) {
      pending = { isAnew: false, shown: undefined, tasks: new Map(), offers: new Map() };
      this.pending.frameworks.set(frameworkId, pending);
    }
    return pending;
  }
}
