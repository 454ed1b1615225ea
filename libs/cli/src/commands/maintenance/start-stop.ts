import type { AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseMachines, isSame, machineOf, machineText } from './machines.js';
import { bringDown, bringUp, type Machine, readSchedule } from './maintenance-api.js';

async function tasksOn({ api }: CliContext, machines: readonly Machine[]): Promise<number> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const there = items.filter((agent) => machines.some((machine) => isSame(machine, machineOf(agent))));
  return there.reduce((sum, { tasks }) => sum + tasks, 0);
}

const planned = async (context: CliContext): Promise<Machine[]> =>
  (await readSchedule(context)).flatMap(({ machine_ids }) => machine_ids);

/** `tranche maintenance start`: takes machines down that are in the schedule. */
export const registerMaintenanceStart: Register = (maintenance, cli) => {
  maintenance
    .command('start')
    .description('take machines down that are in the schedule: their agents end, with all tasks there')
    .argument('<MACHINE...>', 'host names, addresses or agents')
    .action(
      action(cli, async (context, names) => {
        const machines = await chooseMachines(context, names, await planned(context));
        const what = machines.map(machineText).join(', ');
        const lost = await tasksOn(context, machines);
        const effect = `${lost} ${lost === 1 ? 'task' : 'tasks'} will be lost`;
        if (context.flags.dryRun) {
          context.io.stdout.write(`would take ${what} down: ${effect}\n`);
          return EXIT_CODES.done;
        }
        if (!(await context.confirm(`take ${what} down? ${effect}`))) return EXIT_CODES.failed;
        await bringDown(context, machines);
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
        const machines = await chooseMachines(context, names, await planned(context));
        const what = machines.map(machineText).join(', ');
        if (context.flags.dryRun) {
          context.io.stdout.write(`would give ${what} back\n`);
          return EXIT_CODES.done;
        }
        await bringUp(context, machines);
        showOne(context, { machines }, what, () => `gave ${what} back\n`);
        return EXIT_CODES.done;
      }),
    );
};
