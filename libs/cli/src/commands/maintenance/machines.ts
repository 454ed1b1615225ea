import type { AgentView, MachineView as Machine } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { matchIds } from '../../names/match-things.js';

/** The machine that an agent is on. */
export const machineOf = ({ hostname, address }: AgentView): Machine => ({
  hostname,
  ip: address.slice(0, address.lastIndexOf(':')),
});

export const machineText = ({ hostname, ip }: Machine): string => hostname ?? ip ?? '';

export const isSame = (a: Machine, b: Machine): boolean =>
  a.hostname?.toLowerCase() === b.hostname?.toLowerCase() && a.ip === b.ip;

/**
 * The machines that people name: by a host name or an address among the known ones, else by an agent.
 *
 * @param known machines that maintenance knows already: their agents may be gone
 * @throws NotFoundError
 */
export async function chooseMachines(
  { api }: CliContext,
  names: readonly string[],
  known: readonly Machine[] = [],
): Promise<Machine[]> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const things = items.map(({ id, hostname }) => ({ id, otherName: hostname }));
  const machines: Machine[] = [];
  const add = (machine: Machine): void => {
    if (!machines.some((one) => isSame(one, machine))) machines.push(machine);
  };
  for (const name of names) {
    const named = known.filter(({ hostname, ip }) => hostname === name || ip === name);
    if (named.length > 0) named.forEach(add);
    else {
      const ids = matchIds(things, name, 'agent', 'tranche agent ls');
      for (const agent of items) if (ids.has(agent.id)) add(machineOf(agent));
    }
  }
  return machines;
}
