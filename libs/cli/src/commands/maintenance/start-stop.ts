import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseMachines, machineText } from './machines.js';
import { orderMachines, plannedMachines } from './maintenance-api.js';

/** `tranche maintenance start`: takes machines down that are in the schedule. */
export const registerMaintenanceStart: Register = (maintenance, cli) => {
  maintenance
    .command('start')
    .description('take machines down that are in the schedule: their agents end, with all tasks there')
    .argument('<MACHINE...>', 'host names, addresses or agents')
    .action(
      action(cli, async (context, names) => {
        const { machines, planned, what } = await chosen(context, names);
        const trial = await orderMachines(context, 'start', machines, planned, true);
        const lost = trial.reduce((sum, { effects }) => sum + effects.tasks, 0);
        const effect = `${lost} ${lost === 1 ? 'task' : 'tasks'} will be lost`;
        if (context.flags.dryRun) {
          context.io.stdout.write(`would take ${what} down: ${effect}\n`);
          return EXIT_CODES.done;
        }
        if (!(await context.confirm(`take ${what} down? ${effect}`))) return EXIT_CODES.failed;
        await orderMachines(context, 'start', machines, planned, false);
        showOne(context, { machines }, what, () => `took ${what} down\n`);
        return EXIT_CODES.done;
      }),
    );
};

/** `tranche maintenance stop`: gives machines back that are down. */
export const registerMaintenanceStop: Register = (maintenance, cli) => {
  maintenance
    .command('stop')
    .description('give machines back that are down: they leave the schedule')
    .argument('<MACHINE...>', 'host names, addresses or agents')
    .action(
      action(cli, async (context, names) => {
        const { machines, planned, what } = await chosen(context, names);
        const isDry = context.flags.dryRun === true;
        await orderMachines(context, 'stop', machines, planned, isDry);
        if (isDry) context.io.stdout.write(`would give ${what} back\n`);
        else showOne(context, { machines }, what, () => `gave ${what} back\n`);
        return EXIT_CODES.done;
      }),
    );
};

async function chosen(context: CliContext, names: readonly string[]) {
  const planned = await plannedMachines(context);
  const machines = await chooseMachines(
    context,
    names,
    planned.map(({ machine }) => machine),
  );
  return { machines, planned, what: machines.map(machineText).join(', ') };
}
