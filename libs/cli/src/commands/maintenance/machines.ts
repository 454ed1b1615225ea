import type { AgentView, MachineView as Machine } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { type AllMatchingFlag, type Candidates, chooseTargets } from '../../targets/choose-targets.js';
import { matchIds } from '../../names/match-things.js';

/** The machine that an agent is on. */
export const machineOf = ({ hostname, address }: AgentView): Machine => ({
  hostname,
  ip: address.slice(0, address.lastIndexOf(':')),
});

export const machineText = ({ hostname, ip }: Machine): string => hostname ?? ip ?? '';

export const isSame = (a: Machine, b: Machine): boolean =>
  a.hostname?.toLowerCase() === b.hostname?.toLowerCase() && a.ip === b.ip;

const CANDIDATES: Candidates<Machine> = {
  kind: 'machine',
  nameOf: ({ hostname, ip }) => hostname ?? ip ?? '',
  idOf: ({ ip, hostname }) => ip ?? hostname ?? '',
  isWhole: true,
};

/**
 * The machines that people name: by a host name or an address, else by an agent. Each name means one, or with `--all-matching` all of them.
 *
 * @param known machines that maintenance knows already: their agents may be gone
 * @throws NotFoundError
 */
export async function chooseMachines(
  { api }: CliContext,
  names: readonly string[],
  flags: AllMatchingFlag,
  known: readonly Machine[] = [],
): Promise<Machine[]> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const present = items.filter(({ state }) => state !== 'removed' && state !== 'gone');
  return distinct(
    names.flatMap((name) => {
      const named = matching(name, known);
      const found = named.length > 0 ? named : matching(name, present.map(machineOf));
      return chooseTargets(found.length > 0 ? found : machinesOfAgents(items, name), name, CANDIDATES, flags);
    }),
  );
}

const matching = (name: string, machines: readonly Machine[]): Machine[] =>
  distinct(machines.filter(({ hostname, ip }) => hostname === name || ip === name));

/** @throws NotFoundError */
function machinesOfAgents(agents: readonly AgentView[], name: string): Machine[] {
  const things = agents.map(({ id, hostname }) => ({ id, otherName: hostname }));
  const ids = matchIds(things, name, 'agent', 'tranche agent ls');
  return distinct(agents.filter(({ id }) => ids.has(id)).map(machineOf));
}

/** Several agents may be on one machine. */
function distinct(machines: readonly Machine[]): Machine[] {
  return machines.filter((machine, at) => machines.findIndex((one) => isSame(one, machine)) === at);
}
