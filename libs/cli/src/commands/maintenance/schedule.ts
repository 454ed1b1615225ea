import type { MaintenanceWindowView } from '@tranche/contracts';
import { RefusedError, UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { formatSpan, parseDurationMs } from '../../values/duration.js';
import { chooseMachines, isSame, machineText } from './machines.js';
import { plannedMachines } from './maintenance-api.js';

interface Plan {
  readonly agents: readonly string[];
  readonly inMs: number;
  readonly forMs?: number;
}

/** `tranche maintenance schedule`: plans that machines go down. */
export const registerMaintenanceSchedule: Register = (maintenance, cli) => {
  maintenance
    .command('schedule')
    .description("plan that machines go down: 'AGENT… in 2h for 1h'; frameworks are asked to leave them")
    .argument('<PLAN...>', 'agents, then in DURATION (default: now), then for DURATION (default: until further notice)')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, words, flags) => {
        const { agents, inMs, forMs } = parsePlan(words);
        const machines = await chooseMachines(context, agents, flags);
        const planned = await plannedMachines(context);
        const twice = machines.find((machine) => planned.some((one) => isSame(one.machine, machine)));
        if (twice !== undefined) {
          const hint = 'see: tranche maintenance ls';
          throw new RefusedError(`maintenance schedule: ${machineText(twice)} is in the schedule already`, [hint], 409);
        }
        const body = {
          machines,
          start: new Date(context.io.clock.nowMs() + inMs).toISOString(),
          ...(forMs === undefined ? {} : { durationMs: forMs }),
        };
        const what = `${machines.map(machineText).join(', ')} in ${formatSpan(inMs)}${forMs === undefined ? '' : ` for ${formatSpan(forMs)}`}`;
        const isDry = context.flags.dryRun === true;
        // More than was typed: said before it is planned.
        const asks = flags.allMatching === true && machines.length > 1 && !isDry;
        if (asks && !(await context.confirm(`plan ${machines.length} machines, ${what}?`))) return EXIT_CODES.failed;
        const query = isDry ? { dryRun: 'true' } : {};
        const view = await context.api.post<MaintenanceWindowView>('/v1/maintenance', query, body);
        const id = view?.id ?? '';
        showOne(context, view ?? {}, id, () => `${isDry ? 'would plan' : 'planned'} ${what}  (${id})\n`);
        return EXIT_CODES.done;
      }),
    );
};

/** @throws UsageError */
export function parsePlan(words: readonly string[]): Plan {
  const tokens = words.join(' ').split(/\s+/).filter(Boolean);
  const ends = ['in', 'for'].map((word) => tokens.indexOf(word)).filter((at) => at >= 0);
  const agents = tokens.slice(0, ends.length === 0 ? tokens.length : Math.min(...ends));
  if (agents.length === 0) throw new UsageError('maintenance schedule: no agent is named', ["'AGENT… in 2h for 1h'"]);
  const rest = tokens.slice(agents.length);
  const isPlan = rest.length % 2 === 0 && rest.every((word, at) => at % 2 === 1 || word === 'in' || word === 'for');
  if (!isPlan || new Set(rest.filter((_, at) => at % 2 === 0)).size !== rest.length / 2) {
    throw new UsageError(`maintenance schedule: "${rest.join(' ')}" is no time`, ["'AGENT… in 2h for 1h'"]);
  }
  const of = (word: string): number | undefined => {
    const at = rest.indexOf(word);
    return at < 0 ? undefined : parseDurationMs(rest[at + 1] ?? '', word);
  };
  const forMs = of('for');
  return { agents, inMs: of('in') ?? 0, ...(forMs === undefined ? {} : { forMs }) };
}
