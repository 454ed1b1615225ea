import type { MachineView, MaintenanceView, MaintenanceWindowView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { UsageError } from '../../cli.errors.js';
import { isSame, machineText } from './machines.js';

/** The machines in the schedule. */
export async function plannedMachines({ api }: CliContext): Promise<MaintenanceView[]> {
  return (await api.list<MaintenanceView>('/v1/maintenance')).items;
}

/**
 * Takes machines of the schedule down, or gives them back: window by window.
 *
 * @throws UsageError for a machine that is in no window, RefusedError
 */
export async function orderMachines(
  { api }: CliContext,
  verb: 'start' | 'stop',
  machines: readonly MachineView[],
  planned: readonly MaintenanceView[],
  isTrial: boolean,
): Promise<MaintenanceWindowView[]> {
  const windows = Map.groupBy(machines, (machine) => {
    const found = planned.find((one) => isSame(one.machine, machine));
    if (found !== undefined) return found.id;
    throw new UsageError(`maintenance ${verb}: ${machineText(machine)} is not in the schedule`, [
      `plan it first: tranche maintenance schedule '${machineText(machine)} in 0s'`,
    ]);
  });
  const answers: MaintenanceWindowView[] = [];
  for (const [id, members] of windows) {
    const path = `/v1/maintenance/${encodeURIComponent(id)}:${verb}`;
    const view = await api.post<MaintenanceWindowView>(path, isTrial ? { dryRun: 'true' } : {}, { machines: members });
    if (view !== undefined) answers.push(view);
  }
  return answers;
}
