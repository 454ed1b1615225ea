import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseById } from '../reservation/choose.js';
import { machineText } from './machines.js';
import { readSchedule, windowId, writeSchedule } from './maintenance-api.js';

/** `tranche maintenance cancel`: takes a window out of the schedule. */
export const registerMaintenanceCancel: Register = (maintenance, cli) => {
  maintenance
    .command('cancel')
    .description('take a window out of the schedule')
    .argument('<ID>', 'as maintenance ls shows it')
    .action(
      action(cli, async (context, [text = '']) => {
        const windows = (await readSchedule(context)).map((window) => ({ id: windowId(window), window }));
        const { id, window } = chooseById(windows, text, 'window', 'tranche maintenance ls');
        const what = window.machine_ids.map(machineText).join(', ');
        if (context.flags.dryRun) {
          context.io.stdout.write(`would cancel the maintenance of ${what}\n`);
          return EXIT_CODES.done;
        }
        const rest = windows.filter((one) => one.id !== id).map((one) => one.window);
        await writeSchedule(context, rest);
        showOne(context, { id, ...window }, id, () => `cancelled the maintenance of ${what}\n`);
        return EXIT_CODES.done;
      }),
    );
};
