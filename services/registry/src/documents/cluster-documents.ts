import type { Sight } from '@tranche/http';
import {
  agentFullJson,
  agentJson,
  agentSummaryJson,
  type ClassicMasterState,
  frameworkSummaryJson,
  jsonString,
  masterStateJson,
  recoveredAgentJson,
} from '@tranche/mesos-api';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { ModelChanges } from '../model/model-changes.js';
import { agentInfoOf, classicAgent, classicFramework, countsOf } from './classic-documents.js';
import { AGENTS_A_PAGE, COMMA, FragmentList } from './fragment-list.js';
import { FrameworkDocument } from './framework-document.js';
import { SeenDocuments } from './seen-documents.js';
import { GAP, type JsonBody, jsonBodyOf, splitAtGaps } from './json-body.js';

/** What `/state` says of the registry itself; the numbers of agents are counted from the model. */
export type MasterHead = Omit<ClassicMasterState, 'activatedAgents' | 'deactivatedAgents' | 'unreachableAgents'>;

const EMPTY = Buffer.alloc(0);

/**
 * `/state`, `/state-summary` and `/slaves`, kept rendered.
 *
 * Each agent, framework and task is rendered again when it has changed, never because somebody asks; a document is the pieces in a row,
 * and is put together again only when one of them has changed.
 */
export class ClusterDocuments {
  private readonly agents = new FragmentList(COMMA, AGENTS_A_PAGE);
  private readonly agentsInFull = new FragmentList(COMMA, AGENTS_A_PAGE);
  private readonly agentSummaries = new FragmentList(COMMA, AGENTS_A_PAGE);
  private readonly recoveredAgents = new FragmentList(COMMA);
  private readonly frameworks = new Map<string, FrameworkDocument>();
  private readonly completedFrameworks = new Map<string, FrameworkDocument>();
  private readonly frameworkSummaries = new FragmentList(COMMA);
  /** Changed since they were last summarized. */
  private readonly dueSummaries = new Map<string, FrameworkEntry>();
  /** Put together since the last change, by path. */
  private readonly bodies = new Map<string, JsonBody>();
  private readonly followers: ((changes: ModelChanges) => void)[] = [];

  constructor(
    private readonly model: ClusterModel,
    private readonly head: MasterHead,
  ) {}

  /** Has others told of what has changed, each time it is rendered here. */
  follow(note: (changes: ModelChanges) => void): void {
    this.followers.push(note);
  }

  /** Renders what has changed in the model since the last time. Its cost is that of the changes, however many reads there are. */
  refresh(): void {
    const changes = this.model.takeChanges();
    for (const note of this.followers) note(changes);
    for (const { record } of changes.forgottenFrameworks) this.forgetFramework(record.frameworkId);
    for (const framework of changes.frameworks) this.renderFramework(framework);
    for (const task of changes.forgottenTasks) this.document(task.record.frameworkId)?.removeTask(task);
    for (const task of changes.tasks) this.document(task.record.frameworkId)?.setTask(task);
    for (const offer of changes.endedOffers) this.document(offer.frameworkId)?.removeOffer(offer.offerId);
    for (const offer of changes.offers.values()) this.document(offer.frameworkId)?.setOffer(offer);
    for (const agent of changes.agents) this.renderAgent(agent);
    if (Object.values(changes).some(({ size }: { size: number }) => size > 0)) this.bodies.clear();
  }

  /** @param seesFlags false: without flags and what else is for who may view them */
  state(seesFlags = true): JsonBody {
    return this.body(seesFlags ? 'state' : 'state without flags', () =>
      this.fill(this.stateFrame(seesFlags), [
        (chunks) => this.agents.writeTo(chunks),
        (chunks) => this.recoveredAgents.writeTo(chunks),
        (chunks) => writeFrameworks(this.frameworks, chunks),
        (chunks) => writeFrameworks(this.completedFrameworks, chunks),
      ]),
    );
  }

  stateSummary(seesFlags = true): JsonBody {
    return this.body(seesFlags ? 'state-summary' : 'state-summary without flags', () => {
      this.renderSummaries();
      return this.fill(this.summaryFrame(seesFlags), [
        (chunks) => this.agentSummaries.writeTo(chunks),
        (chunks) => this.frameworkSummaries.writeTo(chunks),
      ]);
    });
  }

  /** @param agentId only this one; an unknown id gives empty lists, as Mesos does */
  slaves(agentId?: string): JsonBody {
    const text = SLAVES_FRAME;
    if (agentId === undefined) {
      return this.body('slaves', () =>
        this.fill(text, [
          (chunks) => this.agentsInFull.writeTo(chunks),
          (chunks) => this.recoveredAgents.writeTo(chunks),
        ]),
      );
    }
    const one =
      (list: FragmentList) =>
      (chunks: Buffer[]): void => {
        chunks.push(list.get(agentId) ?? EMPTY);
      };
    return jsonBodyOf(this.fill(text, [one(this.agentsInFull), one(this.recoveredAgents)]));
  }

  /** What who may not see everything is shown: rendered for it alone. @param seesFlags as of `state` */
  async seenState(sight: Sight, seesFlags: boolean): Promise<JsonBody> {
    const lists = await new SeenDocuments(this.model, sight).state();
    const { agents, recoveredAgents, frameworks, completedFrameworks } = lists;
    return filled(this.stateFrame(seesFlags), [agents, recoveredAgents, frameworks, completedFrameworks]);
  }

  async seenSummary(sight: Sight, seesFlags: boolean): Promise<JsonBody> {
    const { agents, frameworks } = await new SeenDocuments(this.model, sight).summary();
    return filled(this.summaryFrame(seesFlags), [agents, frameworks]);
  }

  async seenSlaves(sight: Sight, agentId: string | undefined): Promise<JsonBody> {
    const { agents, recoveredAgents } = await new SeenDocuments(this.model, sight).slaves(agentId);
    return filled(SLAVES_FRAME, [agents, recoveredAgents]);
  }

  private stateFrame(seesFlags: boolean): string {
    const lists = { agents: [GAP], recoveredAgents: [GAP], frameworks: [GAP], completedFrameworks: [GAP] };
    return masterStateJson({ ...this.headOf(seesFlags), ...this.countAgents() }, lists);
  }

  private summaryFrame(seesFlags: boolean): string {
    const cluster = this.headOf(seesFlags).visible?.cluster;
    const name = cluster === undefined ? '' : `"cluster":${jsonString(cluster)},`;
    return `{"hostname":${jsonString(this.head.hostname)},${name}"slaves":[${GAP}],"frameworks":[${GAP}]}`;
  }

  private headOf(seesFlags: boolean): MasterHead {
    const { visible, ...head } = this.head;
    return seesFlags && visible !== undefined ? this.head : head;
  }

  private body(name: string, compose: () => Buffer[]): JsonBody {
    let body = this.bodies.get(name);
    if (body === undefined) {
      body = jsonBodyOf(compose());
      this.bodies.set(name, body);
    }
    return body;
  }

  private fill(text: string, lists: readonly ((chunks: Buffer[]) => void)[]): Buffer[] {
    const chunks: Buffer[] = [];
    for (const [at, piece] of splitAtGaps(text).entries()) {
      chunks.push(piece);
      lists[at]?.(chunks);
    }
    return chunks;
  }

  private document(frameworkId: string): FrameworkDocument | undefined {
    return this.frameworks.get(frameworkId) ?? this.completedFrameworks.get(frameworkId);
  }

  private forgetFramework(frameworkId: string): void {
    this.frameworks.delete(frameworkId);
    this.completedFrameworks.delete(frameworkId);
    this.frameworkSummaries.delete(frameworkId);
    this.dueSummaries.delete(frameworkId);
  }

  private renderFramework(framework: FrameworkEntry): void {
    const { frameworkId } = framework.record;
    const document = this.document(frameworkId) ?? new FrameworkDocument();
    document.setFramework(framework);
    if (framework.isCompleted) {
      this.frameworks.delete(frameworkId);
      this.frameworkSummaries.delete(frameworkId);
      this.dueSummaries.delete(frameworkId);
      this.completedFrameworks.set(frameworkId, document);
      return;
    }
    this.frameworks.set(frameworkId, document);
    this.dueSummaries.set(frameworkId, framework);
  }

  /** Summaries of frameworks name all their agents, which can be every agent there is: they are rendered when they are asked for. */
  private renderSummaries(): void {
    for (const [frameworkId, framework] of this.dueSummaries) {
      const agentIds = [...framework.tasksOnAgent.keys()];
      const text = frameworkSummaryJson(classicFramework(framework), countsOf(framework.tally), agentIds);
      this.frameworkSummaries.set(frameworkId, Buffer.from(text));
    }
    this.dueSummaries.clear();
  }

  private renderAgent(agent: AgentEntry): void {
    const { agentId, known } = agent;
    const isShown = known !== undefined && isRegistered(known);
    if (isShown) this.renderRegistered(agent, known);
    else for (const list of [this.agents, this.agentsInFull, this.agentSummaries]) list.delete(agentId);
    if (known?.isRecovered) this.recoveredAgents.set(agentId, Buffer.from(recoveredAgentJson(agentInfoOf(known))));
    else this.recoveredAgents.delete(agentId);
  }

  private renderRegistered(agent: AgentEntry, known: KnownAgent): void {
    const classic = classicAgent(agent, known);
    this.agents.set(agent.agentId, Buffer.from(agentJson(classic)));
    this.agentsInFull.set(agent.agentId, Buffer.from(agentFullJson(classic)));
    const frameworkIds = [...agent.tasksOfFramework.keys()];
    const summary = agentSummaryJson(classic, countsOf(agent.tally), frameworkIds);
    this.agentSummaries.set(agent.agentId, Buffer.from(summary));
  }

  private countAgents(): Pick<ClassicMasterState, 'activatedAgents' | 'deactivatedAgents' | 'unreachableAgents'> {
    const counts = { activatedAgents: 0, deactivatedAgents: 0, unreachableAgents: 0 };
    for (const { known } of this.model.agents.known()) {
      if (known.record.state === 'unreachable') counts.unreachableAgents++;
      else if (!isRegistered(known)) continue;
      else if (known.record.state === 'active') counts.activatedAgents++;
      else counts.deactivatedAgents++;
    }
    return counts;
  }
}

const SLAVES_FRAME = `{"slaves":[${GAP}],"recovered_slaves":[${GAP}]}`;

/** A document with the elements of its lists put into its gaps. */
const filled = (frame: string, lists: readonly (readonly Buffer[])[]): JsonBody =>
  jsonBodyOf(splitAtGaps(frame).flatMap((piece, at) => [piece, ...(lists[at] ?? [])]));

function writeFrameworks(documents: ReadonlyMap<string, FrameworkDocument>, chunks: Buffer[]): void {
  let separator = EMPTY;
  for (const document of documents.values()) {
    chunks.push(separator);
    separator = COMMA;
    document.writeTo(chunks);
  }
}
