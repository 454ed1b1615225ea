import type { MaintenanceWindowView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { changeTargets, type TargetChange } from '../../targets/change-targets.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseMachines, machineText } from './machines.js';
import { orderWindow, plannedMachines, type WindowPart, windowsOf } from './maintenance-api.js';

/** `tranche maintenance start`: takes machines down that are in the schedule. */
export const registerMaintenanceStart: Register = (maintenance, cli) => {
  maintenance
    .command('start')
    .description('take machines down that are in the schedule: their agents end, with all tasks there')
    .argument('<MACHINE...>', 'host names, addresses or agents')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, (context, names, flags) =>
        order(context, 'start', names, flags, {
          question: (_what, trials) =>
            `take ${partsText(trials.map(({ target }) => target))} down? ${lostText(trials.map(({ view }) => view))}`,
          isLossy: true,
          text: (part, view, isTrial) =>
            isTrial ? `would take ${partsText([part])} down: ${lostText([view])}` : `took ${partsText([part])} down`,
        }),
      ),
    );
};

/** `tranche maintenance stop`: gives machines back that are down. */
export const registerMaintenanceStop: Register = (maintenance, cli) => {
  maintenance
    .command('stop')
    .description('give machines back that are down: they leave the schedule')
    .argument('<MACHINE...>', 'host names, addresses or agents')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, (context, names, flags) =>
        order(context, 'stop', names, flags, {
          question: (_what, trials) => `give ${partsText(trials.map(({ target }) => target))} back?`,
          text: (part, _view, isTrial) => `${isTrial ? 'would give' : 'gave'} ${partsText([part])} back`,
        }),
      ),
    );
};

type Order = Pick<TargetChange<WindowPart, MaintenanceWindowView>, 'question' | 'isLossy' | 'text'>;

/** Window by window, since each is a thing of its own. */
async function order(
  context: CliContext,
  verb: 'start' | 'stop',
  names: readonly string[],
  flags: AllMatchingFlag,
  words: Order,
): Promise<number> {
  const planned = await plannedMachines(context);
  const known = planned.map(({ machine }) => machine);
  const machines = await chooseMachines(context, names, flags, known);
  return changeTargets(
    context,
    windowsOf(verb, machines, planned),
    {
      ...words,
      kind: 'window',
      nameOf: (part) => partsText([part]),
      send: (part, isTrial) => orderWindow(context, verb, part, isTrial),
      idOf: ({ id }) => id,
    },
    true,
  );
}

/** `n1, n2`. */
const partsText = (parts: readonly WindowPart[]): string =>
  parts.flatMap(({ machines }) => machines.map(machineText)).join(', ');

/** `4 tasks will be lost`. */
function lostText(views: readonly MaintenanceWindowView[]): string {
  const lost = views.reduce((sum, { effects }) => sum + effects.tasks, 0);
  return `${lost} ${lost === 1 ? 'task' : 'tasks'} will be lost`;
}
