import {
  type Amounts,
  amountsOfShown,
  amountsOfView,
  amountsText,
  isNothing,
  NOTHING,
  plus,
  type ShownResources,
  type ViewedResources,
} from './amounts.js';
import { type Books, disagreements } from './compare-books.js';
import type { Mesh } from './mesh.js';
import { pause } from './mesh-member.js';

interface Page {
  readonly items: readonly unknown[];
  readonly next?: string;
}

/** The pages of a list of `/v1`. @returns undefined when nobody answers */
async function listOf<T>(mesh: Mesh, service: string, path: string): Promise<T[] | undefined> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const more: string = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
    const page = (await mesh.read(service, `${path}${separator}limit=500${more}`)) as Page | undefined;
    if (page === undefined) return undefined;
    items.push(...(page.items as T[]));
    after = page.next;
  } while (after !== undefined);
  return items;
}

interface Slave {
  readonly id: string;
  readonly used_resources: ShownResources;
  readonly offered_resources: ShownResources;
  readonly resources: ShownResources;
}

interface TaskView {
  readonly id: string;
  readonly agentId: string;
  readonly state: string;
  readonly resources: ViewedResources;
}

interface AgentState {
  readonly id: string;
  readonly frameworks: readonly {
    readonly executors: readonly {
      readonly tasks: readonly { readonly id: string; readonly state: string; readonly resources: ShownResources }[];
    }[];
  }[];
}

const slavesOf = async (mesh: Mesh): Promise<readonly Slave[] | undefined> =>
  ((await mesh.read('registry', '/slaves')) as { slaves: Slave[] } | undefined)?.slaves;

/** What each agent has, by its id. @throws Error when the registry does not answer */
export async function agentTotals(mesh: Mesh): Promise<Map<string, Amounts>> {
  const slaves = await slavesOf(mesh);
  if (slaves === undefined) throw new Error('the registry does not answer /slaves');
  return new Map(slaves.map(({ id, resources }) => [id, amountsOfShown(resources)]));
}

/** The state of each task that the books know, by id. */
export async function bookedTasks(mesh: Mesh, frameworkId: string): Promise<Map<string, string>> {
  const tasks = await listOf<TaskView>(mesh, 'offers', `/v1/tasks?frameworkId=${frameworkId}`);
  return new Map((tasks ?? []).map(({ id, state }) => [id, state]));
}

/** States in which a task has what it was given. */
const LIVE_STATES = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];
const LIVE_TASKS = `/v1/tasks?${LIVE_STATES.map((state) => `state=${state}`).join('&')}`;

/** @returns for people, who does not answer; else the books */
async function readBooks(mesh: Mesh): Promise<Books | string> {
  const [allocations, offers, tasks, slaves, states] = await Promise.all([
    listOf<{ agentId: string; resources: ShownResources }>(mesh, 'allocator', '/v1/allocations'),
    listOf<{ agentId: string; resources: ViewedResources }>(mesh, 'offers', '/v1/offers'),
    listOf<TaskView>(mesh, 'offers', LIVE_TASKS),
    slavesOf(mesh),
    Promise.all(mesh.agents.map((agent) => agent.get('/state', 5_000))),
  ]);
  if (allocations === undefined) return 'the allocator does not answer';
  if (offers === undefined || tasks === undefined) return 'offers does not answer';
  if (slaves === undefined || slaves.length !== mesh.agents.length)
    return `the registry knows ${slaves?.length ?? 'no'} agents`;
  const silent = mesh.agents.filter((_agent, i) => states[i] === undefined).map(({ name }) => name);
  if (silent.length > 0) return `${silent.join(', ')} does not answer`;
  const running = tasks.map(({ agentId, resources }) => [agentId, amountsOfView(resources)] as const);
  const offered = offers.map(({ agentId, resources }) => [agentId, amountsOfView(resources)] as const);
  return {
    allocator: sumOf(allocations.map(({ agentId, resources }) => [agentId, amountsOfShown(resources)])),
    offers: { all: sumOf([...running, ...offered]), tasks: sumOf(running) },
    registry: sumOf(
      slaves.flatMap(({ id, used_resources, offered_resources }) =>
        [used_resources, offered_resources].map((resources) => [id, amountsOfShown(resources)] as const),
      ),
    ),
    agents: sumOf(states.flatMap((text) => runningOn(JSON.parse(text ?? '') as AgentState))),
  };
}

const runningOn = ({ id, frameworks }: AgentState): (readonly [string, Amounts])[] =>
  frameworks
    .flatMap(({ executors }) => executors.flatMap(({ tasks }) => tasks))
    .filter(({ state }) => LIVE_STATES.includes(state))
    .map(({ resources }) => [id, amountsOfShown(resources)]);

function sumOf(entries: readonly (readonly [string, Amounts])[]): Map<string, Amounts> {
  const sums = new Map<string, Amounts>();
  for (const [id, amounts] of entries) sums.set(id, plus(sums.get(id) ?? NOTHING, amounts));
  return sums;
}

const POLL_MS = 100;

/**
 * Waits until everybody's books of each agent have agreed once. Work goes on meanwhile, so that two readings of the same moment differ by what
 * is on its way: what stays is what is wrong.
 *
 * @returns how long that took; when it did not happen within the time, what differed last, for people
 */
export async function untilBooksAgree(mesh: Mesh, timeoutMs: number): Promise<{ tookMs: number } | { differ: string }> {
  const begin = Date.now();
  const agreed = new Set<string>();
  for (;;) {
    const books = await readBooks(mesh);
    const differing = typeof books === 'string' ? undefined : disagreements(books);
    if (typeof books !== 'string' && differing !== undefined) {
      const totals = await agentTotals(mesh).catch(() => new Map<string, Amounts>());
      for (const id of totals.keys()) if (!differing.has(id)) agreed.add(id);
      if (agreed.size === mesh.agents.length) return { tookMs: Date.now() - begin };
    }
    if (Date.now() - begin > timeoutMs) {
      const texts = [...(differing ?? [])].filter(([id]) => !agreed.has(id)).map(([, text]) => text);
      return { differ: typeof books === 'string' ? books : texts.join('; ') };
    }
    await pause(POLL_MS);
  }
}

/**
 * Who still holds what, when nobody should: the allocator, `offers`, the registry's view of agents, and the agents themselves are asked.
 *
 * @returns nothing when all of it is free; each entry for people
 */
export async function whatIsHeld(mesh: Mesh): Promise<string[]> {
  const books = await readBooks(mesh);
  if (typeof books === 'string') return [books];
  const { allocator, offers, registry, agents } = books;
  const keepers = { 'the allocator': allocator, offers: offers.all, 'the registry': registry, 'the agent': agents };
  return Object.entries(keepers).flatMap(([who, sums]) =>
    [...sums].filter(([, held]) => !isNothing(held)).map(([id, held]) => `${who} has ${amountsText(held)} of ${id}`),
  );
}
