import type { FrameworkRecord, OfferRecord, TaskRecord } from '@tranche/contracts';
import type { Resource, TaskState } from '@tranche/mesos-api';
import * as fc from 'fast-check';
import { agentRecord, knownAgent } from '../agents/agents.fakes.js';
import type { ClusterModel } from './cluster-model.js';
import { cpus, frameworkRecord, offerRecord, status, taskRecord } from './model.fakes.js';

const FRAMEWORKS = ['f0', 'f1', 'f2'];
const AGENTS = ['a0', 'a1'];
const TASKS = ['t0', 't1', 't2', 't3'];
const STATES: TaskState[] = ['TASK_STAGING', 'TASK_RUNNING', 'TASK_UNREACHABLE', 'TASK_FAILED', 'TASK_FINISHED'];

/** One thing that happens to the cluster, by number: what cannot happen now is passed over. */
export interface Step {
  readonly kind: 'agent' | 'framework' | 'remove' | 'launch' | 'update' | 'offer' | 'end' | 'read';
  readonly framework: number;
  readonly agent: number;
  readonly task: number;
  readonly state: number;
  readonly flag: boolean;
}

export const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('agent', 'framework', 'remove', 'launch', 'launch', 'update', 'update', 'offer', 'end', 'read'),
  framework: fc.nat(FRAMEWORKS.length - 1),
  agent: fc.nat(AGENTS.length - 1),
  task: fc.nat(TASKS.length - 1),
  state: fc.nat(STATES.length - 1),
  flag: fc.boolean(),
});

/** The cluster as plain tables, changed by the same steps: what `offers` would put into a snapshot. */
export class PlainCluster {
  readonly agents = new Map<string, Parameters<typeof knownAgent>[0]>();
  readonly frameworks = new Map<string, FrameworkRecord>();
  readonly tasks: { task: TaskRecord; completed: boolean }[] = [];
  readonly offers = new Map<string, OfferRecord>();

  live(frameworkId: string, taskId: string) {
    return this.tasks.find((t) => !t.completed && t.task.frameworkId === frameworkId && t.task.taskId === taskId);
  }

  isAlive(frameworkId: string): boolean {
    return this.frameworks.has(frameworkId) && this.frameworks.get(frameworkId)?.state !== 'removed';
  }
}

type Apply = (cluster: PlainCluster, model: ClusterModel, step: Step) => void;

export const STEPS: Readonly<Record<Exclude<Step['kind'], 'read'>, Apply>> = {
  agent(cluster, model, { agent, flag }) {
    const agentId = AGENTS[agent] as string;
    const record = agentRecord({ agentId, port: agent, state: flag ? 'active' : 'unreachable' });
    cluster.agents.set(agentId, record);
    model.agents.agentChanged(knownAgent(record));
  },
  framework(cluster, model, { framework, flag }) {
    const frameworkId = FRAMEWORKS[framework] as string;
    if (cluster.frameworks.get(frameworkId)?.state === 'removed') return;
    const record = frameworkRecord({ frameworkId, active: flag, state: flag ? 'connected' : 'disconnected' });
    cluster.frameworks.set(frameworkId, record);
    model.applyFramework({ framework: record });
  },
  remove(cluster, model, { framework }) {
    const frameworkId = FRAMEWORKS[framework] as string;
    if (!cluster.isAlive(frameworkId)) return;
    const record = frameworkRecord({ frameworkId, active: false, state: 'removed', unregisteredAtMs: 9_000 });
    cluster.frameworks.set(frameworkId, record);
    for (const entry of cluster.tasks) if (entry.task.frameworkId === frameworkId) entry.completed = true;
    for (const [id, offer] of cluster.offers) if (offer.frameworkId === frameworkId) cluster.offers.delete(id);
    model.applyFramework({ framework: record });
  },
  launch(cluster, model, { framework, agent, task }) {
    const frameworkId = FRAMEWORKS[framework] as string;
    const taskId = TASKS[task] as string;
    if (!cluster.isAlive(frameworkId) || cluster.live(frameworkId, taskId)) return;
    // The same ports on both agents: sums over agents meet numbers twice.
    const ports: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: task, end: task + 1 }] } };
    const resources = [cpus(task + 1), ports];
    const record = taskRecord({ frameworkId, taskId, agentId: AGENTS[agent] as string, resources });
    cluster.tasks.push({ task: record, completed: false });
    model.applyLaunch({ task: record });
  },
  update(cluster, model, { framework, task, state: number, flag }) {
    const entry = cluster.live(FRAMEWORKS[framework] as string, TASKS[task] as string);
    if (entry === undefined) return;
    const state = STATES[number] as TaskState;
    const completed = flag && (state === 'TASK_FAILED' || state === 'TASK_FINISHED');
    const news = status(state);
    const before = entry.task.statuses.filter((s, at, all) => at < all.length - 1 || s.state !== state);
    entry.task = { ...entry.task, state, statuses: [...before, news] };
    entry.completed = completed;
    const { frameworkId, taskId, agentId } = entry.task;
    model.applyUpdate({ frameworkId, taskId, agentId, state, status: news, completed });
  },
  offer(cluster, model, { framework, agent, task }) {
    const frameworkId = FRAMEWORKS[framework] as string;
    if (!cluster.isAlive(frameworkId)) return;
    const offer = offerRecord({ offerId: `o${task}`, frameworkId, agentId: AGENTS[agent] as string });
    cluster.offers.set(offer.offerId, offer);
    model.applyOffer({ kind: 'made', offer });
  },
  end(cluster, model, { task }) {
    cluster.offers.delete(`o${task}`);
    model.applyOffer({ kind: 'ended', offerId: `o${task}`, outcome: 'declined' });
  },
};

/** Order tells when things came, which a snapshot does not: lists are compared sorted. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member)]));
}
