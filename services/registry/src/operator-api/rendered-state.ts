import type { OfferRecord } from '@tranche/contracts';
import { type MediaType, messageTypes } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import { agentInfoOf } from '../documents/classic-documents.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { TaskEntry, TaskShelf } from '../model/task-entry.js';
import { formOf, type MessageForm, type Pieces } from './message-form.js';
import { agentDocument, frameworkDocument, getExecutors, offerDocument, taskDocument } from './state-calls.js';

const {
  MasterEvent: EVENT,
  MasterEventSubscribed: SUBSCRIBED,
  MasterResponse: RESPONSE,
  MasterResponseGetState: STATE,
  MasterResponseGetTasks: TASKS,
  MasterResponseGetAgents: AGENTS,
  MasterResponseGetAgentsAgent: AGENT,
  MasterResponseGetExecutors: EXECUTORS,
  MasterResponseGetFrameworks: FRAMEWORKS,
  MasterResponseGetFrameworksFramework: FRAMEWORK,
} = messageTypes;

/** Rendered before others get their turn: some milliseconds. */
const RENDERED_A_TURN = 100;

/** Of one content type, for as long as what was rendered stays as it is. */
class Renderings {
  readonly tasks = new WeakMap<TaskEntry['record'], { readonly shelf: TaskShelf; readonly pieces: Pieces }>();
  readonly offers = new WeakMap<OfferRecord, Pieces>();
  readonly agents = new WeakMap<KnownAgent, { readonly held: HeldThen; readonly pieces: Pieces }>();
  private rendered = 0;

  constructor(readonly form: MessageForm) {}

  /** Called after each rendering: gives way to others now and then. */
  async gaveWay(): Promise<void> {
    if (++this.rendered % RENDERED_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What is held on an agent or by a framework, as it was at one time. */
interface HeldThen {
  readonly used: { readonly resources: Resources };
  readonly offered: { readonly resources: Resources };
}
interface ShownAgent {
  readonly known: KnownAgent;
  readonly held: HeldThen;
}
interface ShownFramework extends HeldThen {
  readonly record: FrameworkEntry['record'];
  readonly isCompleted: boolean;
  readonly offers: readonly OfferRecord[];
}

const heldNow = ({ used, offered }: Pick<FrameworkEntry, 'used' | 'offered'>): HeldThen => ({
  used: { resources: used.resources },
  offered: { resources: offered.resources },
});

/**
 * GET_STATE of a large cluster, and the SUBSCRIBED that shows the same: each task, offer and agent is rendered once for each content type and kept while it stays as it is, and
 * rendering gives way to others.
 *
 * What is shown is the cluster at the time of the call: records are replaced, never changed. The documents are those of `STATE_CALLS`.
 */
export class RenderedState {
  private readonly kept = new Map<MediaType, Renderings>();

  constructor(private readonly model: ClusterModel) {}

  /** @returns the body of the answer, in pieces */
  async body(mediaType: MediaType): Promise<Pieces> {
    const kept = this.renderingsOf(mediaType);
    const { form } = kept;
    const members = await this.members(kept);
    return form.whole([form.plain(RESPONSE, { type: 'GET_STATE' }), form.message(RESPONSE, 'get_state', members)]);
  }

  /** @returns the event that a stream begins with, of the cluster as it is now, in pieces */
  async subscribed(mediaType: MediaType, heartbeat_interval_seconds: number): Promise<Pieces> {
    const kept = this.renderingsOf(mediaType);
    const { form } = kept;
    const state = await this.members(kept);
    const members = [
      form.message(SUBSCRIBED, 'get_state', state),
      form.plain(SUBSCRIBED, { heartbeat_interval_seconds }),
    ];
    return form.whole([form.plain(EVENT, { type: 'SUBSCRIBED' }), form.message(EVENT, 'subscribed', members)]);
  }

  private renderingsOf(mediaType: MediaType): Renderings {
    const kept = this.kept.get(mediaType) ?? new Renderings(formOf(mediaType));
    this.kept.set(mediaType, kept);
    return kept;
  }

  /** What is shown is collected before others get their turn. */
  private async members(kept: Renderings): Promise<Pieces[]> {
    const { form } = kept;
    const { tasks, frameworks, agents, executors } = this.shown();
    return [
      form.message(STATE, 'get_tasks', await taskLists(tasks, kept)),
      form.encoded(STATE, 'get_executors', [form.encode(EXECUTORS, executors)]),
      form.message(STATE, 'get_frameworks', await frameworkLists(frameworks, kept)),
      form.message(STATE, 'get_agents', await agentLists(agents, kept)),
    ];
  }

  private shown() {
    const { model } = this;
    return {
      tasks: Array.from(model.allTasks(), ({ record, shelf }) => ({ record, shelf })),
      executors: getExecutors(model),
      frameworks: Array.from(model.allFrameworks(), (entry): ShownFramework => {
        const { record, isCompleted, offers } = entry;
        return { record, isCompleted, offers: [...offers.values()], ...heldNow(entry) };
      }),
      agents: Array.from(model.agents.known(), (entry): ShownAgent => ({ known: entry.known, held: heldNow(entry) })),
    };
  }
}

async function taskLists(shown: readonly Pick<TaskEntry, 'record' | 'shelf'>[], kept: Renderings): Promise<Pieces[]> {
  const lists: Record<TaskShelf, Pieces[]> = { tasks: [], unreachable_tasks: [], completed_tasks: [] };
  for (const { record, shelf } of shown) {
    let known = kept.tasks.get(record);
    if (known?.shelf !== shelf) {
      const message = [kept.form.encode(messageTypes.Task, taskDocument({ record }))];
      known = { shelf, pieces: kept.form.element(TASKS, shelf, message) };
      kept.tasks.set(record, known);
      await kept.gaveWay();
    }
    lists[shelf].push(known.pieces);
  }
  return Object.entries(lists).map(([member, elements]) => kept.form.list(member, elements));
}

async function agentLists(shown: readonly ShownAgent[], kept: Renderings): Promise<Pieces[]> {
  const { form } = kept;
  const agents: Pieces[] = [];
  const recovered: Pieces[] = [];
  for (const { known, held } of shown) {
    if (isRegistered(known)) agents.push(await agentPieces(known, held, kept));
    else if (known.isRecovered)
      recovered.push(
        form.element(AGENTS, 'recovered_agents', [form.encode(messageTypes.AgentInfo, agentInfoOf(known))]),
      );
  }
  return [form.list('agents', agents), form.list('recovered_agents', recovered)];
}

async function agentPieces(known: KnownAgent, held: HeldThen, kept: Renderings): Promise<Pieces> {
  const before = kept.agents.get(known);
  const isSame = (kind: keyof HeldThen): boolean => before?.held[kind].resources === held[kind].resources;
  if (before !== undefined && isSame('used') && isSame('offered')) return before.pieces;
  const pieces = kept.form.element(AGENTS, 'agents', [kept.form.encode(AGENT, agentDocument(held, known))]);
  kept.agents.set(known, { held, pieces });
  await kept.gaveWay();
  return pieces;
}

async function frameworkLists(shown: readonly ShownFramework[], kept: Renderings): Promise<Pieces[]> {
  const lists = { frameworks: [] as Pieces[], completed_frameworks: [] as Pieces[] };
  for (const framework of shown) {
    const member = framework.isCompleted ? 'completed_frameworks' : 'frameworks';
    lists[member].push(kept.form.element(FRAMEWORKS, member, await frameworkPieces(framework, kept)));
  }
  return Object.entries(lists).map(([member, elements]) => kept.form.list(member, elements));
}

/** Offers are many, and each is rendered once. */
async function frameworkPieces(framework: ShownFramework, kept: Renderings): Promise<Pieces> {
  const { form } = kept;
  const frame = form.encode(FRAMEWORK, frameworkDocument({ ...framework, offers: [] }));
  if (framework.offers.length === 0) return [frame];
  const offers: Pieces[] = [];
  for (const offer of framework.offers) {
    let pieces = kept.offers.get(offer);
    if (pieces === undefined) {
      pieces = form.element(FRAMEWORK, 'offers', [form.encode(messageTypes.Offer, offerDocument(offer))]);
      kept.offers.set(offer, pieces);
      await kept.gaveWay();
    }
    offers.push(pieces);
  }
  return form.extended(frame, form.list('offers', offers));
}
