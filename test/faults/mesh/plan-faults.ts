import { Random } from '../fuzz/random.mjs';
import { type Fault, type FaultKind, REPLICATED } from './fault.js';

/** What can be done here: a server in a container is no process of ours, and filling a disk needs a small one. */
export interface FaultPossibilities {
  readonly agents: number;
  readonly canKillBroker: boolean;
  readonly canKillDatabase: boolean;
  /** Agents whose work directory is on a disk of its own, by number from 1. */
  readonly fillableAgents: readonly number[];
}

type Card = Pick<Fault, 'kind' | 'target' | 'which'> & { readonly holdsMs: readonly [number, number] };

const GAP_MS = [1_000, 4_000] as const;
/** After a fault is undone its target needs time to come back before the next. */
const REST_MS = 4_000;
const HOLDS_MS: Readonly<Record<FaultKind, readonly [number, number]>> = {
  kill: [200, 4_000],
  terminate: [200, 2_000],
  pause: [500, 9_000],
  cut: [0, 0],
  refuse: [500, 6_000],
  freeze: [1_000, 8_000],
  fill: [2_000, 8_000],
};

const card = (kind: FaultKind, target: string, which: Fault['which'] = 'only'): Card => ({
  ...{ kind, target, which },
  holdsMs: HOLDS_MS[kind],
});

/** Every fault that there is, the kill of what works twice: it is what happens most. */
function deckOf(possible: FaultPossibilities): Card[] {
  const agents = Array.from({ length: possible.agents }, (_none, i) => `agent${i + 1}`);
  const servers = [...(possible.canKillBroker ? ['broker'] : []), ...(possible.canKillDatabase ? ['database'] : [])];
  return [
    ...REPLICATED.flatMap((service) => [
      card('kill', service, 'active'),
      card('kill', service, 'active'),
      card('kill', service, 'standby'),
      card('pause', service, 'active'),
      card('terminate', service, 'active'),
    ]),
    ...['quota', ...agents].flatMap((name) => [card('kill', name), card('pause', name), card('terminate', name)]),
    ...servers.flatMap((server) => [card('kill', server), card('pause', server)]),
    ...['broker', 'database'].flatMap((server) => [
      card('cut', server),
      card('refuse', server),
      card('freeze', server),
    ]),
    ...possible.fillableAgents.map((number) => card('fill', `agent${number}`)),
  ];
}

/**
 * The faults of a run: cards of a shuffled deck, so that even a short run has many kinds of them.
 *
 * @param durationMs no fault begins after it
 * @returns in order of time; the same for the same seed and possibilities
 */
export function planFaults(seed: number, durationMs: number, possible: FaultPossibilities): Fault[] {
  const random = new Random(seed);
  const between = ([low, high]: readonly [number, number]): number => Math.round(low + random.next() * (high - low));
  const freeAtMs = new Map<string, number>();
  const faults: Fault[] = [];
  let deck: Card[] = [];
  for (let atMs = between(GAP_MS); atMs < durationMs; atMs += between(GAP_MS)) {
    if (deck.length === 0) deck = shuffled(deckOf(possible), random);
    const index = deck.findIndex(({ target }) => (freeAtMs.get(target) ?? 0) <= atMs);
    if (index < 0) continue;
    const [drawn] = deck.splice(index, 1);
    if (drawn === undefined) continue;
    const { holdsMs, ...what } = drawn;
    const holdMs = between(holdsMs);
    freeAtMs.set(drawn.target, atMs + holdMs + REST_MS);
    faults.push({ atMs, ...what, holdMs });
  }
  return faults;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
