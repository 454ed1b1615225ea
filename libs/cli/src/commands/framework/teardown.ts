import type { FrameworkView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { changeTargets } from '../../targets/change-targets.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseFrameworks, frameworkPath } from './choose-framework.js';

/** `tranche framework teardown`: ends a framework and all its tasks. */
export const registerFrameworkTeardown: Register = (framework, cli) => {
  framework
    .command('teardown')
    .description('end a framework for ever, with all of its tasks')
    .argument('<FRAMEWORK>', 'a name, an id or a short id')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [text = ''], flags) =>
        changeTargets<FrameworkView, FrameworkView>(
          context,
          await chooseFrameworks(context, text, flags),
          {
            kind: 'framework',
            nameOf: ({ name }) => name,
            send: ({ id }, isTrial) => {
              const query = isTrial ? { dryRun: 'true' } : {};
              return context.api.change<FrameworkView>('POST', frameworkPath(id, ':teardown'), query, {});
            },
            question: (what, trials) =>
              `tear down ${what}? ${liveTasks(trials.map(({ view }) => view))} will be killed`,
            isLossy: true,
            text: (target, _view, isTrial) =>
              isTrial
                ? `would tear down ${target.name}: ${liveTasks([target])} would be killed`
                : `torn down ${target.name}, ${liveTasks([target])} killed`,
            idOf: ({ id }) => id,
          },
          flags.allMatching === true,
        ),
      ),
    );
};

/** `3 tasks`: those that have not ended. */
function liveTasks(frameworks: readonly FrameworkView[]): string {
  const count = frameworks.reduce((sum, { tasks }) => sum + tasks.running + tasks.staging, 0);
  return `${count} ${count === 1 ? 'task' : 'tasks'}`;
}
