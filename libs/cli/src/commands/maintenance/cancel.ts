import type { MaintenanceView, MaintenanceWindowView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseTarget } from '../../targets/choose-targets.js';
import { matchById } from '../reservation/match-by-id.js';
import { machineText } from './machines.js';
import { plannedMachines } from './maintenance-api.js';

/** `tranche maintenance cancel`: takes a window out of the schedule. */
export const registerMaintenanceCancel: Register = (maintenance, cli) => {
  maintenance
    .command('cancel')
    .description('take a window out of the schedule, with all of its machines')
    .argument('<WINDOW>', 'its id as maintenance ls shows it, or a machine in it')
    .action(
      action(cli, async (context, [text = '']) => {
        const planned = await plannedMachines(context);
        const nameOf = ({ machine }: MaintenanceView): string => machineText(machine);
        const matches = matchById(planned, text, 'window', 'tranche maintenance ls', nameOf);
        const windows = [...new Map(matches.map((one) => [one.id, one])).values()];
        const { id } = chooseTarget(windows, text, { kind: 'window', nameOf, idOf: (one) => one.id });
        const isDry = context.flags.dryRun === true;
        const path = `/v1/maintenance/${encodeURIComponent(id)}`;
        const view = await context.api.change<MaintenanceWindowView>('DELETE', path, isDry ? { dryRun: 'true' } : {});
        const what = view.machines.map(machineText).join(', ');
        showOne(context, view, id, () => `${isDry ? 'would cancel' : 'cancelled'} the maintenance of ${what}\n`);
        return EXIT_CODES.done;
      }),
    );
};
