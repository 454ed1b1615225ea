import type { WeightView } from '@tranche/contracts';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';

/** `tranche weight set`: how much a role counts among its siblings. */
export const registerWeightSet: Register = (weight, cli) => {
  weight
    .command('set')
    .description('set how much a role counts when what is free is divided among it and its siblings')
    .argument('<ROLE>')
    .argument('<WEIGHT>', 'above 0; 1 is the default, 2 gets twice as much')
    .action(
      action(cli, async (context, [role = '', text = '']) => {
        const value = Number(text);
        if (!(value > 0 && Number.isFinite(value))) throw new UsageError(`weight set: "${text}" is no number above 0`);
        const query = context.flags.dryRun ? { dryRun: 'true' } : {};
        const path = `/v1/weights/${encodeURI(role)}`;
        const view = await context.api.change<WeightView>('PUT', path, query, { weight: value });
        const is = context.flags.dryRun ? 'would be' : 'is';
        showOne(context, view, role, () => `weight of ${role} ${is} ${value}\n`);
        return EXIT_CODES.done;
      }),
    );
};
