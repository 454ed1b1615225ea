import type { Blocker, BlockerCode, Help } from '@tranche/allocation';
import type { FrameworkRecord } from '@tranche/contracts';
import { exactAmount } from '@tranche/resources';

/** What commands call things: a name where it means one thing only, else an id. */
export interface CommandNames {
  readonly frameworkText: (framework: FrameworkRecord) => string;
  readonly agentText: (agentId: string) => string;
  /** Ids of what is reserved for a role on an agent; undefined when that cannot be taken back. */
  readonly reservationIds: (agentId: string, role: string) => readonly string[] | undefined;
}

/** An obstacle as it is, in the way of one framework, or of a shape, and what is known of its end. */
export interface HelpFacts extends CommandNames, Pick<Help, 'limits' | 'met' | 'weight'> {
  readonly role: string;
  readonly chargedTo: string;
  readonly blockers: readonly { readonly agentId: string; readonly blocker: Blocker }[];
  readonly framework: FrameworkRecord | undefined;
}

/** What `tranche quota set` can name. */
const LIMITABLE: ReadonlySet<string> = new Set(['cpus', 'gpus', 'mem', 'disk']);

/** More commands than anybody types. */
const MAX_COMMANDS = 5;

/**
 * The commands that remove an obstacle, to be typed as they are: all together they give what asking again without the obstacle gave.
 *
 * @returns none where no few commands do
 */
export function helpCommands(code: BlockerCode, facts: HelpFacts): string[] {
  const commands = new Set((wordsOf(code, facts) ?? []).map((words) => ['tranche', ...words.map(shellWord)].join(' ')));
  return commands.size > MAX_COMMANDS ? [] : [...commands];
}

/** The words of each command. */
function wordsOf(code: BlockerCode, facts: HelpFacts): string[][] | undefined {
  switch (code) {
    case 'quota.limit':
      return limitWords(facts);
    case 'quota.headroom':
      return guaranteeWords(facts);
    case 'filter.declined':
    case 'role.suppressed':
      return reviveWords(facts);
    case 'agent.inactive':
      return activateWords(facts);
    case 'agent.offered':
      return rescindWords(facts);
    case 'agent.reserved':
      return unreserveWords(facts);
    case 'order.share':
      return facts.weight === undefined ? undefined : [['weight', 'set', facts.role, String(facts.weight)]];
    default:
      return undefined;
  }
}

/** All limits of the role: those that the command does not name would be gone. */
function limitWords({ chargedTo, limits }: HelpFacts): string[][] | undefined {
  const amounts = amountsText([...(limits ?? [])]);
  return amounts === undefined || amounts === '' ? undefined : [['quota', 'set', chargedTo, '--limit', amounts]];
}

/** Lowered to what is met, all names of each role likewise; nothing met is no guarantee at all. */
function guaranteeWords({ met = [] }: HelpFacts): string[][] | undefined {
  const words = met.flatMap(({ role, guarantees }) => {
    const amounts = amountsText([...guarantees]);
    return amounts === undefined ? [] : [['quota', 'set', role, '--guarantee', amounts || 'cpus=0']];
  });
  return words.length === met.length ? words : undefined;
}

/** `cpus=96,mem=1.5GiB`. @returns undefined when there is a name among them that the command does not know */
function amountsText(entries: readonly (readonly [name: string, milli: number])[]): string | undefined {
  if (entries.some(([name]) => !LIMITABLE.has(name))) return undefined;
  return entries.map(([name, milli]) => `${name}=${exactAmount(name, milli).replace(' ', '')}`).join(',');
}

function reviveWords({ framework, frameworkText, role }: HelpFacts): string[][] | undefined {
  if (framework === undefined) return undefined;
  const inRole = framework.roles.length > 1 ? ['--role', role] : [];
  return [['framework', 'revive', frameworkText(framework), ...inRole]];
}

/** What takes an agent out until an operator lets it in again. */
const ENDED_BY_ACTIVATION: ReadonlySet<string> = new Set(['deactivated', 'drained']);

/** Those that are deactivated; whoever is away comes back by itself, and a drain ends by itself. */
function activateWords({ blockers, agentText }: HelpFacts): string[][] | undefined {
  const isOrdered = blockers.every(
    ({ blocker }) => blocker.code === 'agent.inactive' && ENDED_BY_ACTIVATION.has(blocker.reason),
  );
  return isOrdered ? blockers.map(({ agentId }) => ['agent', 'activate', agentText(agentId)]) : undefined;
}

function rescindWords({ blockers }: HelpFacts): string[][] {
  const offers = blockers.flatMap(({ blocker }) => (blocker.code === 'agent.offered' ? blocker.holders : []));
  return offers.map(({ offerId }) => ['offer', 'rescind', offerId]);
}

/** Only when all of it can be taken back: half of it would not give what is said. */
function unreserveWords({ blockers, reservationIds }: HelpFacts): string[][] | undefined {
  const ids = blockers.flatMap(({ agentId, blocker }) =>
    blocker.code === 'agent.reserved' ? blocker.reservedTo.map(({ role }) => reservationIds(agentId, role)) : [],
  );
  return ids.includes(undefined) ? undefined : ids.flatMap((some) => some ?? []).map((id) => ['reservation', 'rm', id]);
}

/** As a POSIX shell takes it for one word. */
const shellWord = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
