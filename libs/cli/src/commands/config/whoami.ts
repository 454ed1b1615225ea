import type { CallerView, PermissionView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { factsText, showOne } from '../../output/show-one.js';

/** `tranche config whoami`: whom the cluster takes this program for, and what that may do there. */
export const registerConfigWhoami: Register = (config, cli) => {
  config
    .command('whoami')
    .description('print as whom the cluster knows this program, and what it may do')
    .action(
      action(cli, async (context) => {
        const caller = await context.api.get<CallerView>('/v1/whoami');
        showOne(context, caller, caller.principal ?? '', () => callerText(caller));
      }),
    );
};

function callerText({ principal, authentication, may, permissions }: CallerView): string {
  const facts = factsText([
    ['Principal', principal ?? '- (no credentials are shown)'],
    ['Authentication', authentication],
    ['May', may.join(', ')],
  ]);
  if (permissions === undefined) return `${facts}Actions         everything: the cluster has no ACLs\n`;
  const lines = permissions.map(({ action: name, ...permission }) => [name, permissionText(permission)] as const);
  return `${facts}\n${factsText(lines)}`;
}

function permissionText({ objects, may, only, except }: Omit<PermissionView, 'action'>): string {
  if (only !== undefined) return `${objects} ${only.join(', ')}`;
  if (except !== undefined) return `all ${objects} but ${except.join(', ')}`;
  return may === 'all' ? `all ${objects}` : 'none';
}
