import type { AgentView, FrameworkView, RoleView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { NotFoundError, UsageError } from '../../cli.errors.js';
import { candidateTasks } from '../../names/find-tasks.js';
import { matchTasks } from '../../names/match-tasks.js';
import { matchIds } from '../../names/match-things.js';
import { explainAgent } from './agent.js';
import { explainFramework } from './framework.js';
import { explainRole } from './role.js';
import type { ExplainFlags } from './shape.js';
import { explainTasks } from './task.js';

type Noun = 'framework' | 'task' | 'role' | 'agent';

/**
 * `tranche explain NAME`: of the one kind that has something of this name.
 *
 * @returns exit code
 * @throws NotFoundError when nothing has it, UsageError naming the commands when several have
 */
export async function explainNamed(
  context: CliContext,
  name: string,
  flags: ExplainFlags,
): Promise<number | undefined> {
  const shape = (['cpus', 'mem', 'disk', 'gpus', 'ports', 'where'] as const).find((flag) => flags[flag] !== undefined);
  if (shape !== undefined)
    throw new UsageError(`--${shape} describes a shape, "${name}" is a name`, ['explain one of them at a time']);
  const nouns = await nounsOf(context, name);
  const [noun, another] = nouns;
  if (noun === undefined) {
    throw new NotFoundError(`no framework, task, role or agent matches "${name}"`, [
      'try: tranche framework ls, tranche ps, tranche role ls, tranche agent ls',
    ]);
  }
  if (another !== undefined) {
    throw new UsageError(
      `"${name}" is ${nouns.map((one) => `a${one === 'agent' ? 'n' : ''} ${one}`).join(' and ')}`,
      nouns.map((one) => `explain the ${one}: tranche explain ${one} ${name}`),
    );
  }
  switch (noun) {
    case 'framework':
      return explainFramework(context, name, flags);
    case 'task':
      return explainTasks(context, [name]);
    case 'role':
      await explainRole(context, name);
      return undefined;
    case 'agent':
      await explainAgent(context, name);
      return undefined;
  }
}

async function nounsOf({ api }: CliContext, name: string): Promise<Noun[]> {
  const [frameworks, tasks, roles, agents] = await Promise.all([
    api.list<FrameworkView>('/v1/frameworks', {}, MAX_LOOKED_THROUGH),
    candidateTasks(api, [name]),
    api.list<RoleView>('/v1/roles'),
    api.list<AgentView>('/v1/agents'),
  ]);
  const isFramework = (): unknown =>
    matchIds(
      frameworks.items.map((one) => ({ id: one.id, otherName: one.name })),
      name,
      'framework',
      '',
    );
  const isAgent = (): unknown =>
    matchIds(
      agents.items.map(({ id, hostname }) => ({ id, otherName: hostname })),
      name,
      'agent',
      '',
    );
  const found: [Noun, boolean][] = [
    ['framework', isFound(isFramework)],
    ['task', isFound(() => matchTasks(tasks, name))],
    ['role', roles.items.some((role) => role.name === name)],
    ['agent', isFound(isAgent)],
  ];
  return found.flatMap(([noun, is]) => (is ? [noun] : []));
}

/** Frameworks that a name is looked for among: the newest. */
const MAX_LOOKED_THROUGH = 1000;

function isFound(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
