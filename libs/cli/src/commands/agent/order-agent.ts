import type { AgentOrderView, AgentView } from '@tranche/contracts';
import { NotFoundError } from '../../cli.errors.js';
import type { CliContext } from '../../cli-context.js';
import { EXIT_CODES } from '../../exit-code.js';
import { matchIds } from '../../names/match-things.js';
import { isTable } from '../../output/list-view.js';

export interface AgentOrder {
  readonly verb: 'drain' | 'deactivate' | 'activate' | 'gone';
  readonly body?: object;
  /** What is asked before; undefined when nothing is lost by it. */
  readonly question?: (agent: AgentView, effects: AgentOrderView['effects']) => string;
  /** What is printed after: `draining n4`. */
  readonly done: (agent: AgentView) => string;
}

/** The one agent that a person means. @throws NotFoundError when there is none, or more than one */
export async function chooseAgent({ api }: CliContext, text: string): Promise<AgentView> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const things = items.map(({ id, hostname }) => ({ id, otherName: hostname }));
  const ids = matchIds(things, text, 'agent', 'tranche agent ls --all');
  const present = items.filter(({ id, state }) => ids.has(id) && state !== 'removed' && state !== 'gone');
  const [agent, another] = present.length > 0 ? present : items.filter(({ id }) => ids.has(id));
  if (agent !== undefined && another === undefined) return agent;
  const candidates = [agent, another].flatMap((one) => (one === undefined ? [] : [`${one.hostname}  ${one.id}`]));
  throw new NotFoundError(`more than one agent matches "${text}"`, [...candidates, 'name it by its id']);
}

const NONE: AgentOrderView['effects'] = { tasks: 0, frameworks: 0 };

/** Asks, orders, prints. @returns exit code */
export async function orderAgent(context: CliContext, name: string, order: AgentOrder): Promise<number> {
  const agent = await chooseAgent(context, name);
  const path = `/v1/agents/${encodeURIComponent(agent.id)}:${order.verb}`;
  const isDry = context.flags.dryRun === true;
  const effects = (await context.api.post<AgentOrderView>(path, { dryRun: 'true' }, order.body ?? {}))?.effects ?? NONE;
  if (isDry) {
    context.io.stdout.write(`would be ${order.done(agent)}: ${effectsText(effects)}\n`);
    return EXIT_CODES.done;
  }
  if (order.question !== undefined && !(await context.confirm(order.question(agent, effects))))
    return EXIT_CODES.failed;
  const view = await context.api.post<AgentOrderView>(path, {}, order.body ?? {});
  if (isTable(context)) context.io.stdout.write(`${order.done(agent)}\n`);
  else
    context.io.stdout.write(
      context.settings.output === 'json' ? `${JSON.stringify(view, undefined, 2)}\n` : `${agent.id}\n`,
    );
  return EXIT_CODES.done;
}

export const effectsText = ({ tasks, frameworks }: AgentOrderView['effects']): string =>
  `${tasks} ${tasks === 1 ? 'task' : 'tasks'} of ${frameworks} ${frameworks === 1 ? 'framework' : 'frameworks'}`;
