import type { FrameworkView, RoleView } from '@tranche/contracts';
import { NotFoundError } from '../../cli.errors.js';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { NOTHING } from '../../output/cells.js';
import { factsText, showOne } from '../../output/show-one.js';
import { roleAmountsText } from '../../values/role-amounts.js';

/** `tranche role describe`: everything about one role. */
export const registerRoleDescribe: Register = (role, cli) => {
  role
    .command('describe')
    .description('show what a role has, may have and who is in it')
    .argument('<ROLE>')
    .action(
      showing(cli, async (context, [name = '']) => {
        const { items } = await context.api.list<RoleView>('/v1/roles');
        const view = items.find((one) => one.name === name);
        if (view === undefined)
          throw new NotFoundError(`no role "${name}" is in use`, ['roles: tranche role ls', ...nearest(items, name)]);
        const frameworks = (await context.api.list<FrameworkView>('/v1/frameworks')).items.filter(({ id }) =>
          view.frameworks.includes(id),
        );
        showOne(context, view, name, () => roleText(view, frameworks));
        return EXIT_CODES.done;
      }),
    );
};

const nearest = (roles: readonly RoleView[], name: string): string[] => {
  const close = roles.filter((role) => role.name.startsWith(name) || role.name.endsWith(`/${name}`));
  return close.length === 0 ? [] : [`do you mean ${close.map((role) => role.name).join(' or ')}?`];
};

function roleText(view: RoleView, frameworks: readonly FrameworkView[]): string {
  return factsText([
    ['role', view.name],
    ['weight', String(view.weight)],
    ['guarantee', roleAmountsText(view.guarantee)],
    ['limit', roleAmountsText(view.limit)],
    ['used', roleAmountsText(view.consumed)],
    ['by tasks', roleAmountsText(view.allocated)],
    ['offered', roleAmountsText(view.offered)],
    ['reserved', roleAmountsText(view.reserved)],
    ['frameworks', frameworks.map(({ name, id, state }) => `${name} (${state}, ${id})`).join(', ') || NOTHING],
    ['why', `tranche explain role ${view.name}`],
  ]);
}
