import type { WeightView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';

const VIEW: ListView<WeightView> = {
  name: ({ role }) => role,
  whenEmpty: 'no weight was set: every role counts 1; tranche weight set ROLE 2 sets one',
  columns: [
    { title: 'ROLE', cell: ({ role }) => role },
    { title: 'WEIGHT', cell: ({ weight }) => String(weight), order: ({ weight }) => weight, align: 'right' },
  ],
};

/** `tranche weight ls`: the weights that were set. */
export const registerWeightLs: Register = (weight, cli) => {
  weight
    .command('ls')
    .description('list the weights that were set; every other role counts 1')
    .action(
      action(cli, (context) =>
        showList(
          context,
          () => VIEW,
          () => context.api.list<WeightView>('/v1/weights'),
        ),
      ),
    );
};
