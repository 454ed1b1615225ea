import type { Sight } from '@tranche/http';
import { messageTypes } from '@tranche/mesos-api';
import { isRegistered } from '../agents/known-agent.js';
import { AGENTS_A_PAGE, FragmentList } from '../documents/fragment-list.js';
import type { ClusterModel } from '../model/cluster-model.js';
import { taskIsSeen } from '../model/seen-parts.js';
import { KeptFramework, SHELVES } from './kept-framework.js';
import type { MessageForm, Pieces } from './message-form.js';
import { type PendingFramework, PendingState, type ShownAgent, type ShownFramework } from './pending-state.js';
import { agentDocument, getExecutors, recoveredDocument } from './state-calls.js';

const {
  MasterResponseGetState: STATE,
  MasterResponseGetAgents: AGENTS,
  MasterResponseGetAgentsAgent: AGENT,
  MasterResponseGetExecutors: EXECUTORS,
  MasterResponseGetFrameworks: FRAMEWORKS,
} = messageTypes;

/** Rendered before others get their turn: some milliseconds. */
const RENDERED_A_TURN = 100;
/** So many changes are kept for whoever reads next, however small the cluster is. */
const MIN_NOTES = 10_000;

type Begin = () => void;

/** One rendering, for all who have asked for it. */
interface Round {
  readonly begins: Begin[];
  readonly members: Promise<Pieces[]>;
}

/**
 * The members of GET_STATE in one content type: each task, offer and agent is rendered again when it has changed and somebody asks.
 *
 * Whoever asks while an answer is being rendered gets the next one, together with all others who do: it shows what was there when they
 * asked, and later.
 */
export class KeptState {
  private readonly pending: PendingState;
  private readonly agents: FragmentList;
  private readonly recoveredAgents: FragmentList;
  private readonly frameworks = new Map<string, KeptFramework>();
  private rendered = 0;
  private running: Promise<Pieces[]> | undefined;
  private next: Round | undefined;

  /**
   * @param bringUpToDate has everything noted that has changed until now
   * @param sight of who may not see everything: what is rendered then is for it alone
   */
  constructor(
    private readonly model: ClusterModel,
    private readonly form: MessageForm,
    private readonly bringUpToDate: () => void,
    private readonly sight?: Sight,
  ) {
    this.pending = new PendingState(model);
    this.pending.noteAll();
    this.agents = new FragmentList(form.separator, AGENTS_A_PAGE);
    this.recoveredAgents = new FragmentList(form.separator);
  }

  /** Nobody has asked for so long that all may as well be rendered anew. */
  get isOutdated(): boolean {
    return (
      this.running === undefined && this.next === undefined && this.pending.size > Math.max(MIN_NOTES, this.rowCount)
    );
  }

  note: PendingState['note'] = (changes) => this.pending.note(changes);

  /** @param begin called when what is shown is what there is at that moment */
  members(begin: Begin = () => undefined): Promise<Pieces[]> {
    if (this.next === undefined && this.running === undefined) return this.run([begin]);
    this.next ??= this.afterwards(this.running);
    this.next.begins.push(begin);
    return this.next.members;
  }

  /** Fails with the one before: what that was to render would be missing. */
  private afterwards(running: Promise<unknown> | undefined): Round {
    const begins: Begin[] = [];
    const members = Promise.resolve(running).then(() => {
      this.next = undefined;
      return this.run(begins);
    });
    return { begins, members };
  }

  private run(begins: readonly Begin[]): Promise<Pieces[]> {
    const members = this.render(begins);
    const over = (): void => {
      if (this.running === members) this.running = undefined;
    };
    members.then(over, over);
    this.running = members;
    return members;
  }

  private async render(begins: readonly Begin[]): Promise<Pieces[]> {
    this.bringUpToDate();
    for (const begin of begins) begin();
    const executors = this.form.encode(EXECUTORS, getExecutors(this.model, this.sight));
    const { agents, frameworks } = this.pending.take();
    for (const [frameworkId, framework] of frameworks) await this.renderFramework(frameworkId, framework);
    for (const [agentId, agent] of agents) {
      this.renderAgent(agentId, agent);
      await this.gaveWay();
    }
    return this.compose(executors);
  }

  private get rowCount(): number {
    let count = this.agents.size;
    for (const { tasks, offers } of this.frameworks.values())
      count += offers.size + SHELVES.reduce((sum, shelf) => sum + tasks[shelf].size, 0);
    return count;
  }

  /** Called after each rendering: gives way to others now and then. */
  private async gaveWay(): Promise<void> {
    if (++this.rendered % RENDERED_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  private async renderFramework(frameworkId: string, pending: PendingFramework): Promise<void> {
    if (pending.isAnew) this.frameworks.delete(frameworkId);
    const shown = pending.shown ?? this.frameworks.get(frameworkId)?.shown;
    if (shown === undefined || this.sight?.framework(shown.record.info.user) === false) return;
    const kept = this.frameworks.get(frameworkId) ?? new KeptFramework(this.form, shown);
    this.frameworks.set(frameworkId, kept);
    kept.shown = shown;
    await kept.render(seenPart(pending, shown, this.sight), () => this.gaveWay());
  }

  private renderAgent(agentId: string, agent: ShownAgent | undefined): void {
    const { form } = this;
    const known = agent?.known;
    if (agent === undefined || known === undefined || !isRegistered(known)) this.agents.delete(agentId);
    else this.agents.set(agentId, form.row(AGENTS, 'agents', AGENT, agentDocument(agent, known, this.sight)));
    if (known?.isRecovered !== true || isRegistered(known)) this.recoveredAgents.delete(agentId);
    else
      this.recoveredAgents.set(
        agentId,
        form.row(AGENTS, 'recovered_agents', messageTypes.AgentInfo, recoveredDocument(known, this.sight)),
      );
  }

  /** Pages that have changed are encoded, those of one framework at a time. */
  private async compose(executors: Buffer): Promise<Pieces[]> {
    const { form } = this;
    const all = [...this.frameworks.values()];
    const lists = { frameworks: [] as Pieces[], completed_frameworks: [] as Pieces[] };
    for (const framework of all) {
      const member = framework.isCompleted ? 'completed_frameworks' : 'frameworks';
      lists[member].push(form.element(FRAMEWORKS, member, framework.compose()));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const taskLists = SHELVES.map((shelf) =>
      form.rowList(
        shelf,
        all.map(({ tasks }) => tasks[shelf]),
      ),
    );
    const frameworkLists = Object.entries(lists).map(([member, elements]) => form.list(member, elements));
    const agentLists = [
      form.rowList('agents', [this.agents]),
      form.rowList('recovered_agents', [this.recoveredAgents]),
    ];
    return [
      form.message(STATE, 'get_tasks', taskLists),
      form.encoded(STATE, 'get_executors', [executors]),
      form.message(STATE, 'get_frameworks', frameworkLists),
      form.message(STATE, 'get_agents', agentLists),
    ];
  }
}

/** Without the tasks that may not be seen. */
function seenPart(pending: PendingFramework, { record }: ShownFramework, sight: Sight | undefined): PendingFramework {
  if (sight === undefined) return pending;
  const tasks = [...pending.tasks].filter(
    ([, task]) => task === undefined || taskIsSeen(sight, task, record.info.user),
  );
  return { ...pending, tasks: new Map(tasks) };
}
