import type { AgentView, FrameworkView, ResourceAmounts } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { amountsText, NOTHING, painter, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { listPast } from '../../output/list-past.js';
import { showList } from '../../output/show-list.js';
import { formatSpan } from '../../values/duration.js';
import { LIVE_FRAMEWORKS } from '../../values/framework-words.js';

/** `tranche framework ls`: who uses the cluster. */
export const registerFrameworkLs: Register = (framework, cli) => {
  framework
    .command('ls')
    .description('list frameworks; --all includes those that were removed')
    .action(
      action(cli, async (context, _names, { all }) => {
        const agents = await context.api.list<AgentView>('/v1/agents');
        await showList(
          context,
          () => frameworkListView(context, agents.items),
          () =>
            all
              ? listPast<FrameworkView>(context, '/v1/frameworks', {})
              : context.api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS }),
        );
      }),
    );
};

function frameworkListView({ io, settings }: CliContext, agents: readonly AgentView[]): ListView<FrameworkView> {
  const paint = painter(settings.color);
  const isWide = settings.output === 'wide';
  return {
    name: ({ id }) => id,
    whenEmpty: 'no framework is registered; tranche run registers one for as long as it runs',
    columns: [
      { title: 'NAME', cell: ({ name }) => name },
      {
        title: 'STATE',
        cell: (framework) =>
          paint(framework.state === 'connected' ? 'green' : 'yellow', stateText(framework, io.clock.nowMs())),
      },
      { title: 'ROLES', cell: ({ roles }) => roles.join(',') },
      {
        title: 'TASKS',
        cell: ({ tasks }) => String(tasks.staging + tasks.running),
        order: ({ tasks }) => tasks.staging + tasks.running,
        align: 'right',
      },
      { title: 'OFFERS', cell: ({ offers }) => String(offers), order: ({ offers }) => offers, align: 'right' },
      {
        title: 'SHARE',
        cell: ({ used }) => `${Math.round(dominantShare(used, agents) * 100)} %`,
        order: ({ used }) => dominantShare(used, agents),
        align: 'right',
      },
      { title: 'LAST OFFER', cell: ({ lastOfferAt }) => since(lastOfferAt, io.clock.nowMs(), isWide), align: 'right' },
      { title: 'ID', cell: ({ id }) => id, isWide: true },
      { title: 'USER', cell: ({ user }) => user, isWide: true },
      { title: 'USED', cell: ({ used }) => amountsText(used), isWide: true },
      { title: 'REGISTERED', cell: ({ registeredAt }) => registeredAt, isWide: true },
      { title: 'REMOVED', cell: ({ removedReason }) => removedReason ?? NOTHING, isWide: true },
    ],
  };
}

/** `disconnected 3m left`, until it is removed; `inactive` when connected but not asking for offers. */
function stateText({ state, active, failoverDeadline }: FrameworkView, nowMs: number): string {
  if (state === 'connected') return active ? state : 'inactive';
  if (state !== 'disconnected' || failoverDeadline === undefined) return state;
  return `${state} ${formatSpan(Date.parse(failoverDeadline) - nowMs)} left`;
}

/** The largest fraction of any one resource of the present agents. */
function dominantShare(used: ResourceAmounts, agents: readonly AgentView[]): number {
  const totals = agents.filter(({ state }) => state === 'active').map(({ total }) => total);
  const shares = (['cpus', 'memBytes', 'diskBytes', 'gpus'] as const).map((name) => {
    const total = totals.reduce((sum, amounts) => sum + amounts[name], 0);
    return total === 0 ? 0 : used[name] / total;
  });
  return Math.max(...shares);
}
