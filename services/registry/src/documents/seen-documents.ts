import type { Sight } from '@tranche/http';
import {
  agentFullJson,
  agentJson,
  agentSummaryJson,
  type ClassicAgent,
  frameworkSummaryJson,
  recoveredAgentJson,
} from '@tranche/mesos-api';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import { TaskTally } from '../model/task-tally.js';
import { executorIsSeen, taskIsSeen } from '../model/seen-parts.js';
import { agentInfoOf, classicAgent, classicFramework, countsOf } from './classic-documents.js';
import { COMMA } from './fragment-list.js';
import { FrameworkDocument } from './framework-document.js';

/** Rendered before others get their turn: some milliseconds. */
const RENDERED_A_TURN = 100;

/** The lists of `/state`, `/state-summary` and `/slaves`, each as its elements with commas between. */
export interface SeenLists {
  readonly agents: readonly Buffer[];
  readonly recoveredAgents: readonly Buffer[];
  readonly frameworks: readonly Buffer[];
  readonly completedFrameworks: readonly Buffer[];
}

type AgentForm = 'state' | 'summary' | 'full';

/**
 * What who may not see everything is shown by `/state`, `/state-summary` and `/slaves`: rendered for it alone, giving way to others every
 * hundred elements. What changes meanwhile may be shown before or after its change.
 */
export class SeenDocuments {
  private rendered = 0;

  constructor(
    private readonly model: ClusterModel,
    private readonly sight: Sight,
  ) {}

  async state(): Promise<SeenLists> {
    const live: Buffer[][] = [];
    const completed: Buffer[][] = [];
    for (const framework of this.seenFrameworks()) {
      (framework.isCompleted ? completed : live).push(await this.frameworkOf(framework));
    }
    return { ...(await this.agentsIn('state')), frameworks: joined(live), completedFrameworks: joined(completed) };
  }

  async summary(): Promise<SeenLists> {
    const frameworks: Buffer[][] = [];
    for (const framework of this.seenFrameworks()) {
      if (!framework.isCompleted) frameworks.push([await this.summaryOf(framework)]);
    }
    return { ...(await this.agentsIn('summary')), frameworks: joined(frameworks), completedFrameworks: [] };
  }

  /** @param agentId only this one */
  async slaves(agentId: string | undefined): Promise<SeenLists> {
    return { ...(await this.agentsIn('full', agentId)), frameworks: [], completedFrameworks: [] };
  }

  /** Taken at once: the model may change while some are rendered. */
  private seenFrameworks(): FrameworkEntry[] {
    return Array.from(this.model.allFrameworks()).filter(({ record }) => this.sight.framework(record.info.user));
  }

  private async frameworkOf(framework: FrameworkEntry): Promise<Buffer[]> {
    const document = new FrameworkDocument();
    const { user } = framework.record.info;
    const executors = [...framework.executors].filter(([, { info }]) => executorIsSeen(this.sight, info, user));
    document.setFramework({ ...framework, executors: new Map(executors) });
    for (const task of this.seenTasks(framework)) {
      document.setTask(task);
      await this.gaveWay();
    }
    for (const offer of framework.offers.values()) document.setOffer(offer);
    const chunks: Buffer[] = [];
    document.writeTo(chunks);
    return chunks;
  }

  private seenTasks({ record, live, completed }: FrameworkEntry) {
    const { user } = record.info;
    return [...completed, ...live.values()].filter((task) => taskIsSeen(this.sight, task, user));
  }

  /** Counts what is seen. */
  private async summaryOf(framework: FrameworkEntry): Promise<Buffer> {
    const tally = new TaskTally();
    const agentIds = new Set<string>();
    for (const { record } of this.seenTasks(framework)) {
      tally.add(record.state, 1);
      agentIds.add(record.agentId);
    }
    await this.gaveWay();
    return Buffer.from(frameworkSummaryJson(classicFramework(framework), countsOf(tally), [...agentIds]));
  }

  private async agentsIn(form: AgentForm, agentId?: string): Promise<Pick<SeenLists, 'agents' | 'recoveredAgents'>> {
    const agents: Buffer[][] = [];
    const recovered: Buffer[][] = [];
    const known = [...this.model.agents.known()].filter((agent) => agentId === undefined || agent.agentId === agentId);
    const seen = form === 'summary' ? this.tasksByAgent() : new Map<string, SeenTasks>();
    for (const agent of known) {
      if (isRegistered(agent.known)) agents.push([this.agentOf(form, agent, agent.known, seen.get(agent.agentId))]);
      else if (agent.known.isRecovered) recovered.push([Buffer.from(recoveredAgentJson(agentInfoOf(agent.known)))]);
      await this.gaveWay();
    }
    return { agents: joined(agents), recoveredAgents: joined(recovered) };
  }

  private agentOf(form: AgentForm, agent: AgentEntry, known: KnownAgent, tasks = noTasks()): Buffer {
    const classic: ClassicAgent = { ...classicAgent(agent, known), sees: this.sight.resource };
    if (form === 'summary') return Buffer.from(agentSummaryJson(classic, countsOf(tasks.tally), [...tasks.frameworks]));
    return Buffer.from(form === 'full' ? agentFullJson(classic) : agentJson(classic));
  }

  private tasksByAgent(): Map<string, SeenTasks> {
    const found = new Map<string, SeenTasks>();
    // Of frameworks that are gone agents are not told, as for all.
    for (const framework of this.seenFrameworks().filter(({ isCompleted }) => !isCompleted)) {
      for (const { record } of this.seenTasks(framework)) {
        const tasks = found.get(record.agentId) ?? noTasks();
        found.set(record.agentId, tasks);
        tasks.tally.add(record.state, 1);
        tasks.frameworks.add(record.frameworkId);
      }
    }
    return found;
  }

  private async gaveWay(): Promise<void> {
    if (++this.rendered % RENDERED_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What is seen of the tasks on an agent. */
interface SeenTasks {
  readonly tally: TaskTally;
  readonly frameworks: Set<string>;
}

const noTasks = (): SeenTasks => ({ tally: new TaskTally(), frameworks: new Set() });

const joined = (elements: readonly (readonly Buffer[])[]): Buffer[] =>
  elements.flatMap((element, at) => (at === 0 ? element : [COMMA, ...element]));
