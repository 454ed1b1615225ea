import type { Mesh } from './mesh.js';

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor?: string;
}

/** The pages of a list of `/v1`. @returns undefined when nobody answers */
async function listOf<T>(mesh: Mesh, service: string, path: string): Promise<T[] | undefined> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const more: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await mesh.read(service, `${path}${separator}limit=500${more}`)) as Page | undefined;
    if (page === undefined) return undefined;
    items.push(...(page.items as T[]));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

interface Slave {
  readonly id: string;
  readonly hostname: string;
  readonly used_resources: { readonly cpus: number };
  readonly offered_resources: { readonly cpus: number };
  readonly resources: { readonly cpus: number };
}

const slavesOf = async (mesh: Mesh): Promise<readonly Slave[] | undefined> =>
  ((await mesh.read('registry', '/slaves')) as { slaves: Slave[] } | undefined)?.slaves;

/** Processors of each agent, thousandths, by its id. @throws Error when the registry does not answer */
export async function agentCpus(mesh: Mesh): Promise<Map<string, number>> {
  const slaves = await slavesOf(mesh);
  if (slaves === undefined) throw new Error('the registry does not answer /slaves');
  return new Map(slaves.map(({ id, resources }) => [id, Math.round(resources.cpus * 1_000)]));
}

/** The state of each task that the books know, by id. */
export async function bookedTasks(mesh: Mesh, frameworkId: string): Promise<Map<string, string>> {
  const tasks = await listOf<{ id: string; state: string }>(mesh, 'offers', `/v1/tasks?frameworkId=${frameworkId}`);
  return new Map((tasks ?? []).map(({ id, state }) => [id, state]));
}

/**
 * Who still holds what, when nobody should: the allocator, the registry's view of agents, and the agents themselves are asked.
 *
 * @returns nothing when all of it is free; each entry for people
 */
export async function whatIsHeld(mesh: Mesh): Promise<string[]> {
  const [allocations, slaves, states] = await Promise.all([
    listOf<{ agentId: string; frameworkId: string; resources: object }>(mesh, 'allocator', '/v1/allocations'),
    slavesOf(mesh),
    Promise.all(mesh.agents.map(async (agent) => ({ agent, text: await agent.get('/state', 5_000) }))),
  ]);
  const held: string[] = [];
  if (allocations === undefined) held.push('the allocator does not answer');
  for (const { agentId, frameworkId, resources } of allocations ?? [])
    held.push(`the allocator has ${JSON.stringify(resources)} of ${agentId} with ${frameworkId}`);
  if (slaves?.length !== mesh.agents.length) held.push(`the registry knows ${slaves?.length ?? 'no'} agents`);
  for (const { hostname, used_resources: used, offered_resources: offered } of slaves ?? [])
    if (used.cpus !== 0 || offered.cpus !== 0)
      held.push(`the registry sees ${used.cpus} cpus used and ${offered.cpus} offered on ${hostname}`);
  for (const { agent, text } of states) {
    const state = text === undefined ? undefined : (JSON.parse(text) as AgentState);
    const live = state?.frameworks.flatMap(({ executors }) =>
      executors.flatMap(({ tasks }) => tasks.map(({ id }) => id)),
    );
    if (live === undefined) held.push(`${agent.name} does not answer`);
    else if (live.length > 0) held.push(`${agent.name} has ${live.slice(0, 5).join(', ')}`);
  }
  return held;
}

interface AgentState {
  readonly frameworks: readonly {
    readonly executors: readonly { readonly tasks: readonly { readonly id: string }[] }[];
  }[];
}
