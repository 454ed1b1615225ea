import type { FrameworkView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { matchIds } from '../../names/match-things.js';
import { type AllMatchingFlag, type Candidates, chooseTarget, chooseTargets } from '../../targets/choose-targets.js';

const CANDIDATES: Candidates<FrameworkView> = {
  kind: 'framework',
  nameOf: ({ name }) => name,
  idOf: ({ id }) => id,
};

/** The frameworks that a changing command is meant for. @throws NotFoundError when there is none, or more than one without `--all-matching` */
export async function chooseFrameworks(
  context: CliContext,
  text: string,
  flags: AllMatchingFlag,
): Promise<FrameworkView[]> {
  return chooseTargets(await matchingFrameworks(context, text), text, CANDIDATES, flags);
}

/** The one framework that a person means. @throws NotFoundError when there is none, or more than one */
export async function chooseFramework(context: CliContext, text: string): Promise<FrameworkView> {
  return chooseTarget(await matchingFrameworks(context, text), text, CANDIDATES);
}

/** Of the frameworks with a name those that are not removed; when all are, all. */
export async function matchingFrameworks({ api }: CliContext, text: string): Promise<FrameworkView[]> {
  const { items } = await api.list<FrameworkView>('/v1/frameworks');
  const things = items.map(({ id, name }) => ({ id, otherName: name }));
  const ids = matchIds(things, text, 'framework', 'tranche framework ls --all');
  const matching = items.filter(({ id }) => ids.has(id));
  const present = matching.filter(({ state }) => state !== 'removed');
  return present.length > 0 ? present : matching;
}

export const frameworkPath = (id: string, verb = ''): string => `/v1/frameworks/${encodeURIComponent(id)}${verb}`;
