import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseFramework, frameworkPath } from './choose-framework.js';

/** `tranche framework revive`: it is offered again what it has declined. */
export const registerFrameworkRevive: Register = (framework, cli) => {
  framework
    .command('revive')
    .description('offer a framework again what it has declined, in all of its roles')
    .argument('<FRAMEWORK>', 'a name, an id or a short id')
    .action(
      action(cli, async (context, [text = '']) => {
        const { id, name, roles } = await chooseFramework(context, text);
        if (context.flags.dryRun) {
          context.io.stdout.write(`would revive ${name} in ${roles.join(', ')}\n`);
          return EXIT_CODES.done;
        }
        const view = await context.api.post<object>(frameworkPath(id, ':revive'), {}, {});
        showOne(context, view ?? {}, id, () => `revived ${name} in ${roles.join(', ')}\n`);
        return EXIT_CODES.done;
      }),
    );
};
