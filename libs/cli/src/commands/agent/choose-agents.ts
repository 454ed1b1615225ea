import type { AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { matchIds } from '../../names/match-things.js';
import { type AllMatchingFlag, type Candidates, chooseTarget, chooseTargets } from '../../targets/choose-targets.js';

const CANDIDATES: Candidates<AgentView> = {
  kind: 'agent',
  nameOf: ({ hostname }) => hostname,
  idOf: ({ id }) => id,
};

/** The agents that a changing command is meant for. @throws NotFoundError when there is none, or more than one without `--all-matching` */
export async function chooseAgents(context: CliContext, text: string, flags: AllMatchingFlag): Promise<AgentView[]> {
  return chooseTargets(await matchingAgents(context, text), text, CANDIDATES, flags);
}

/** The one agent that a person means. @throws NotFoundError when there is none, or more than one */
export async function chooseAgent(context: CliContext, text: string): Promise<AgentView> {
  return chooseTarget(await matchingAgents(context, text), text, CANDIDATES);
}

/** Of the agents with a name those that are there; when none is, all. */
export async function matchingAgents({ api }: CliContext, text: string): Promise<AgentView[]> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const things = items.map(({ id, hostname }) => ({ id, otherName: hostname }));
  const ids = matchIds(things, text, 'agent', 'tranche agent ls --all');
  const matching = items.filter(({ id }) => ids.has(id));
  const present = matching.filter(({ state }) => state !== 'removed' && state !== 'gone');
  return present.length > 0 ? present : matching;
}
