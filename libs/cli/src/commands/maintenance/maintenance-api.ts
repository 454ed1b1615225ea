import type { MachineView, MaintenanceView, MaintenanceWindowView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { RefusedError } from '../../cli.errors.js';
import { isSame, machineText } from './machines.js';

/** The machines in the schedule. */
export async function plannedMachines({ api }: CliContext): Promise<MaintenanceView[]> {
  return (await api.list<MaintenanceView>('/v1/maintenance')).items;
}

/** Machines of one window, all that are meant of it. */
export interface WindowPart {
  readonly id: string;
  readonly machines: readonly MachineView[];
}

/**
 * Machines by the windows that they are in.
 *
 * @throws RefusedError for a machine that is in no window
 */
export function windowsOf(
  verb: 'start' | 'stop',
  machines: readonly MachineView[],
  planned: readonly MaintenanceView[],
): WindowPart[] {
  const windows = Map.groupBy(machines, (machine) => {
    const found = planned.find((one) => isSame(one.machine, machine));
    if (found !== undefined) return found.id;
    const plan = `plan it first: tranche maintenance schedule '${machineText(machine)} in 0s'`;
    const hint = verb === 'start' ? plan : 'see: tranche maintenance ls';
    throw new RefusedError(`maintenance ${verb}: ${machineText(machine)} is not in the schedule`, [hint], 409);
  });
  return Array.from(windows, ([id, members]) => ({ id, machines: members }));
}

/** Takes machines of a window down, or gives them back. */
export function orderWindow(
  { api }: CliContext,
  verb: 'start' | 'stop',
  { id, machines }: WindowPart,
  isTrial: boolean,
): Promise<MaintenanceWindowView> {
  const path = `/v1/maintenance/${encodeURIComponent(id)}:${verb}`;
  return api.change<MaintenanceWindowView>('POST', path, isTrial ? { dryRun: 'true' } : {}, { machines });
}
