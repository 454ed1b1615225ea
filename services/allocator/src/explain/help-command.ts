import type { Blocker, BlockerCode } from '@tranche/allocation';
import type { FrameworkRecord } from '@tranche/contracts';
import { exactAmount, type Limits } from '@tranche/resources';

/** What commands call things: a name where it means one thing only, else an id. */
export interface CommandNames {
  readonly frameworkText: (framework: FrameworkRecord) => string;
  readonly agentText: (agentId: string) => string;
}

/** An obstacle as it is, in the way of one framework, or of a shape. */
export interface HelpFacts extends CommandNames {
  readonly role: string;
  readonly chargedTo: string;
  readonly limits: Limits | undefined;
  readonly blockers: readonly { readonly agentId: string; readonly blocker: Blocker }[];
  readonly framework: FrameworkRecord | undefined;
}

/** What `tranche quota set` can name. */
const LIMITABLE: ReadonlySet<string> = new Set(['cpus', 'gpus', 'mem', 'disk']);

/**
 * The command that removes an obstacle, to be typed as it is: it gives what asking again without the obstacle gave.
 *
 * @returns undefined where no single command does
 */
export function helpCommand(code: BlockerCode, facts: HelpFacts): string | undefined {
  const words = wordsOf(code, facts);
  return words === undefined ? undefined : ['tranche', ...words.map(shellWord)].join(' ');
}

function wordsOf(code: BlockerCode, facts: HelpFacts): string[] | undefined {
  switch (code) {
    case 'quota.limit':
      return quotaWords(facts);
    case 'filter.declined':
    case 'role.suppressed':
      return reviveWords(facts);
    case 'agent.inactive':
      return activateWords(facts);
    case 'agent.offered':
      return rescindWords(facts);
    default:
      return undefined;
  }
}

/** All limits of the role: those that the command does not name would be gone. */
function quotaWords({ chargedTo, limits }: HelpFacts): string[] | undefined {
  const entries = [...(limits ?? [])];
  if (entries.length === 0 || entries.some(([name]) => !LIMITABLE.has(name))) return undefined;
  const amounts = entries.map(([name, milli]) => `${name}=${exactAmount(name, milli).replace(' ', '')}`);
  return ['quota', 'set', chargedTo, '--limit', amounts.join(',')];
}

function reviveWords({ framework, frameworkText, role }: HelpFacts): string[] | undefined {
  if (framework === undefined) return undefined;
  const inRole = framework.roles.length > 1 ? ['--role', role] : [];
  return ['framework', 'revive', frameworkText(framework), ...inRole];
}

/** Of several agents each takes a command of its own. */
function activateWords({ blockers, agentText }: HelpFacts): string[] | undefined {
  const [only, another] = blockers;
  if (only?.blocker.code !== 'agent.inactive' || another !== undefined) return undefined;
  return only.blocker.reason === 'deactivated' ? ['agent', 'activate', agentText(only.agentId)] : undefined;
}

function rescindWords({ blockers }: HelpFacts): string[] | undefined {
  const offers = blockers.flatMap(({ blocker }) => (blocker.code === 'agent.offered' ? blocker.holders : []));
  const [only, another] = offers;
  return only === undefined || another !== undefined ? undefined : ['offer', 'rescind', only.offerId];
}

/** As a POSIX shell takes it for one word. */
const shellWord = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
