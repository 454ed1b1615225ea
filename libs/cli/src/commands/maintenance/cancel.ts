import type { MaintenanceWindowView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseById } from '../reservation/choose.js';
import { machineText } from './machines.js';
import { plannedMachines } from './maintenance-api.js';

/** `tranche maintenance cancel`: takes a window out of the schedule. */
export const registerMaintenanceCancel: Register = (maintenance, cli) => {
  maintenance
    .command('cancel')
    .description('take a window out of the schedule')
    .argument('<WINDOW>', 'as maintenance ls shows it')
    .action(
      action(cli, async (context, [text = '']) => {
        const ids = [...new Set((await plannedMachines(context)).map(({ id }) => id))];
        const { id } = chooseById(
          ids.map((one) => ({ id: one })),
          text,
          'window',
          'tranche maintenance ls',
        );
        const isDry = context.flags.dryRun === true;
        const path = `/v1/maintenance/${encodeURIComponent(id)}`;
        const view = await context.api.change<MaintenanceWindowView>('DELETE', path, isDry ? { dryRun: 'true' } : {});
        const what = view.machines.map(machineText).join(', ');
        showOne(context, view, id, () => `${isDry ? 'would cancel' : 'cancelled'} the maintenance of ${what}\n`);
        return EXIT_CODES.done;
      }),
    );
};
