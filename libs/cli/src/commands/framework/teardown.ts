import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseFramework, frameworkPath } from './choose-framework.js';

/** `tranche framework teardown`: ends a framework and all its tasks. */
export const registerFrameworkTeardown: Register = (framework, cli) => {
  framework
    .command('teardown')
    .description('end a framework for ever, with all of its tasks')
    .argument('<FRAMEWORK>', 'a name, an id or a short id')
    .action(
      action(cli, async (context, [text = '']) => {
        const { id, name, tasks } = await chooseFramework(context, text);
        const live = tasks.running + tasks.staging;
        const effect = `${live} ${live === 1 ? 'task' : 'tasks'}`;
        if (context.flags.dryRun) {
          context.io.stdout.write(`would tear down ${name}: ${effect} would be killed\n`);
          return EXIT_CODES.done;
        }
        if (!(await context.confirm(`tear down ${name}? ${effect} will be killed`))) return EXIT_CODES.failed;
        const view = await context.api.post<object>(frameworkPath(id, ':teardown'), {}, {});
        showOne(context, view ?? {}, id, () => `torn down ${name}, ${effect} killed\n`);
        return EXIT_CODES.done;
      }),
    );
};
