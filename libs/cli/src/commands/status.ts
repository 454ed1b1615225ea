import type { AgentView, FrameworkView, OfferView, RoleView, TaskView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli.errors.js';
import { showing, type Register } from '../command-action.js';
import { type Paint, painter } from '../output/cells.js';
import { liveTasks } from '../names/find-tasks.js';
import { isTable } from '../output/list-view.js';
import { LIVE_FRAMEWORKS } from '../values/framework-words.js';
import { formatLongSpan, formatSpan } from '../values/duration.js';
import { formatBytes, formatCount } from '../values/size.js';
import { type Attention, findAttention } from './status/attention.js';
import { type ClusterSummary, FAILED_STATES, type ResourceSummary, summarize } from './status/summarize.js';

/** Of tasks that failed so many are looked at for those of the last hour. */
const MAX_FAILURES = 1000;

/** Cells of a bar. */
const BAR_WIDTH = 20;

/** `tranche status`: the cluster on one screen. */
export const registerStatus: Register = (program, cli) => {
  program
    .command('status')
    .description('the cluster on one screen')
    .action(
      showing(cli, async (context) => {
        const { api, io } = context;
        const [version, startedAtMs, agents, frameworks, offers, roles, live, failed] = await Promise.all([
          api.get<{ version: string }>('/version'),
          startOf(context),
          api.list<AgentView>('/v1/agents'),
          api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS }),
          api.list<OfferView>('/v1/offers'),
          api.list<RoleView>('/v1/roles'),
          liveTasks(api),
          api.list<TaskView>('/v1/tasks', { state: FAILED_STATES }, MAX_FAILURES),
        ]);
        const nowMs = io.clock.nowMs();
        const tasks = [...live, ...failed.items];
        const [present, shown] = [agents.items, frameworks.items];
        const views = { agents: present, frameworks: shown, offers: offers.items, roles: roles.items, tasks };
        const summary = summarize(views, nowMs);
        const attention = findAttention(views, nowMs);
        const { url, contextName, output } = context.settings;
        if (isTable(context)) {
          const up = startedAtMs === undefined ? `version ${version.version}` : `up ${formatSpan(nowMs - startedAtMs)}`;
          const gone = disconnectedText(shown, nowMs);
          io.stdout.write(render(context, [up, gone], summary, attention));
        } else {
          const startedAt = startedAtMs === undefined ? undefined : new Date(startedAtMs).toISOString();
          const cluster = { url, context: contextName, version: version.version, startedAt };
          const document = { ...cluster, ...summary, attention };
          io.stdout.write(`${JSON.stringify(document, undefined, output === 'json' ? 2 : undefined)}\n`);
        }
      }),
    );
};

/** When the registry at work was started. @returns undefined where that is not told: the operator API may be closed to us */
async function startOf({ api }: CliContext): Promise<number | undefined> {
  try {
    const answer = await api.post<{ get_master?: { start_time?: number } }>('/api/v1', {}, { type: 'GET_MASTER' });
    const seconds = answer?.get_master?.start_time;
    return seconds === undefined ? undefined : seconds * 1000;
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

/** ` (spark, removed in 6d 23h)`: the first that will be removed. */
function disconnectedText(frameworks: readonly FrameworkView[], nowMs: number): string {
  const away = frameworks.filter(({ state }) => state === 'disconnected');
  const deadlineMs = ({ failoverDeadline }: FrameworkView): number =>
    failoverDeadline === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(failoverDeadline);
  const [first, ...more] = away.toSorted((a, b) => deadlineMs(a) - deadlineMs(b));
  if (first === undefined) return '';
  const { name, failoverDeadline } = first;
  const when =
    failoverDeadline === undefined ? '' : `, removed in ${formatLongSpan(Date.parse(failoverDeadline) - nowMs)}`;
  return ` (${name}${when}${more.length > 0 ? `; ${more.length} more` : ''})`;
}

function render(
  { settings }: CliContext,
  [up, disconnected]: readonly [up: string, disconnected: string],
  summary: ClusterSummary,
  attention: readonly Attention[],
): string {
  const paint = painter(settings.color);
  const { agents, frameworks, resources } = summary;
  const { failedInLastHour, ...tasks } = summary.tasks;
  const { cpus, mem, gpus } = resources;
  const rows = [
    [settings.contextName, settings.url, up].filter(Boolean).join(' · '),
    row('agents', counts(agents, 'none')),
    row('cpus', bar(cpus, formatCount, paint)),
    row('mem', bar(mem, formatBytes, paint)),
    ...(gpus.total > 0 ? [row('gpus', bar(gpus, formatCount, paint))] : []),
    row('frameworks', `${counts(frameworks, 'none')}${disconnected}`),
    row('tasks', counts({ ...tasks, 'failed in the last hour': failedInLastHour }, 'none')),
    ...attention.map(({ text, command }, index) =>
      row(
        index === 0 ? 'attention' : '',
        `${paint('yellow', '▲')} ${text.padEnd(58)} ${paint('dim', command)}`.trimEnd(),
      ),
    ),
  ];
  return `${rows.join('\n')}\n`;
}

function row(title: string, text: string): string {
  return `${title.padEnd(11)} ${text}`;
}

/** `3 active · 1 unreachable`; what is zero is left out. */
function counts(values: Readonly<Record<string, number>>, whenEmpty: string): string {
  const parts = Object.entries(values).filter(([, count]) => count > 0);
  return parts.length === 0
    ? whenEmpty
    : parts.map(([name, count]) => `${count.toLocaleString('en')} ${name}`).join(' · ');
}

/** `███░░░  0.3 / 6   offered 1` */
function bar({ used, total, offered }: ResourceSummary, format: (value: number) => string, paint: Paint): string {
  const filled = total === 0 ? 0 : Math.min(BAR_WIDTH, Math.round((used / total) * BAR_WIDTH));
  const blocks = paint('green', '█'.repeat(filled)) + '░'.repeat(BAR_WIDTH - filled);
  const offer = offered > 0 ? `   offered ${format(offered)}` : '';
  return `${blocks}  ${format(used)} / ${format(total)}${offer}`;
}
