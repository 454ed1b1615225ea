import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { chooseFramework, frameworkPath } from './choose-framework.js';

/** `tranche framework revive`: it is offered again what it has declined. */
export const registerFrameworkRevive: Register = (framework, cli) => {
  framework
    .command('revive')
    .description('offer a framework again what it has declined or suppressed')
    .argument('<FRAMEWORK>', 'a name, an id or a short id')
    .option('--role <ROLE>', 'only in this role; all of them when absent')
    .action(
      action<{ role?: string }>(cli, async (context, [text = ''], { role }) => {
        const { id, name, roles } = await chooseFramework(context, text);
        const isDry = context.flags.dryRun === true;
        const query = { role, ...(isDry && { dryRun: 'true' }) };
        const view = await context.api.post<object>(frameworkPath(id, ':revive'), query, {});
        const where = `${name} in ${role ?? roles.join(', ')}`;
        showOne(context, view ?? {}, id, () => `${isDry ? 'would revive' : 'revived'} ${where}\n`);
        return EXIT_CODES.done;
      }),
    );
};
