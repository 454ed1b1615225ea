import type { FrameworkView } from '@tranche/contracts';
import { NotFoundError } from '../../cli.errors.js';
import type { CliContext } from '../../cli-context.js';
import { matchIds } from '../../names/match-things.js';

/** The one framework that a person means: of several with the name, the one that is not removed. @throws NotFoundError */
export async function chooseFramework({ api }: CliContext, text: string): Promise<FrameworkView> {
  const { items } = await api.list<FrameworkView>('/v1/frameworks');
  const things = items.map(({ id, name }) => ({ id, otherName: name }));
  const ids = matchIds(things, text, 'framework', 'tranche framework ls --all');
  const matching = items.filter(({ id }) => ids.has(id));
  const present = matching.filter(({ state }) => state !== 'removed');
  const [framework, another] = present.length > 0 ? present : matching;
  if (framework !== undefined && another === undefined) return framework;
  const candidates = (present.length > 0 ? present : matching).slice(0, 5).map(({ name, id }) => `${name}  ${id}`);
  throw new NotFoundError(`more than one framework matches "${text}"`, [...candidates, 'name it by its id']);
}

export const frameworkPath = (id: string, verb = ''): string => `/v1/frameworks/${encodeURIComponent(id)}${verb}`;
