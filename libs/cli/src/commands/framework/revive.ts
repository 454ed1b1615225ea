import type { FrameworkView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { changeTargets } from '../../targets/change-targets.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseFrameworks, frameworkPath } from './choose-framework.js';

interface ReviveFlags extends AllMatchingFlag {
  role?: string;
}

/** `tranche framework revive`: it is offered again what it has declined. */
export const registerFrameworkRevive: Register = (framework, cli) => {
  framework
    .command('revive')
    .description('offer a framework again what it has declined or suppressed')
    .argument('<FRAMEWORK>', 'a name, an id or a short id')
    .option('--role <ROLE>', 'only in this role; all of them when absent')
    .option(...ALL_MATCHING)
    .action(
      action<ReviveFlags>(cli, async (context, [text = ''], { role, ...flags }) =>
        changeTargets<FrameworkView, FrameworkView>(
          context,
          await chooseFrameworks(context, text, flags),
          {
            kind: 'framework',
            nameOf: ({ name }) => name,
            send: ({ id }, isTrial) => {
              const query = { role, ...(isTrial && { dryRun: 'true' }) };
              return context.api.change<FrameworkView>('POST', frameworkPath(id, ':revive'), query, {});
            },
            question: (what) => `revive ${what}?`,
            text: ({ name, roles }, _view, isTrial) =>
              `${isTrial ? 'would revive' : 'revived'} ${name} in ${role ?? roles.join(', ')}`,
            idOf: ({ id }) => id,
          },
          flags.allMatching === true,
        ),
      ),
    );
};
