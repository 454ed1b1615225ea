import type { AgentView, FrameworkView, OfferView, TaskView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import { action, type Register } from '../command-action.js';
import { type Paint, painter } from '../output/cells.js';
import { liveTasks } from '../names/find-tasks.js';
import { isTable } from '../output/list-view.js';
import { LIVE_FRAMEWORKS } from '../values/framework-words.js';
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
      action(cli, async (context) => {
        const { api, io } = context;
        const [version, agents, frameworks, offers, live, failed] = await Promise.all([
          api.get<{ version: string }>('/version'),
          api.list<AgentView>('/v1/agents'),
          api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS }),
          api.list<OfferView>('/v1/offers'),
          liveTasks(api),
          api.list<TaskView>('/v1/tasks', { state: FAILED_STATES }, MAX_FAILURES),
        ]);
        const nowMs = io.clock.nowMs();
        const tasks = [...live, ...failed.items];
        const views = { agents: agents.items, frameworks: frameworks.items, offers: offers.items, tasks };
        const summary = summarize(views, nowMs);
        const attention = findAttention(views, nowMs);
        const { url, contextName, output } = context.settings;
        if (isTable(context)) {
          io.stdout.write(render(context, version.version, summary, attention));
        } else {
          const document = { url, context: contextName, version: version.version, ...summary, attention };
          io.stdout.write(`${JSON.stringify(document, undefined, output === 'json' ? 2 : undefined)}\n`);
        }
      }),
    );
};

function render(
  { settings }: CliContext,
  version: string,
  summary: ClusterSummary,
  attention: readonly Attention[],
): string {
  const paint = painter(settings.color);
  const { agents, frameworks, tasks, resources } = summary;
  const { cpus, mem, gpus } = resources;
  const rows = [
    [settings.contextName, settings.url, `version ${version}`].filter(Boolean).join(' · '),
    row('agents', counts(agents, 'none')),
    row('cpus', bar(cpus, formatCount, paint)),
    row('mem', bar(mem, formatBytes, paint)),
    ...(gpus.total > 0 ? [row('gpus', bar(gpus, formatCount, paint))] : []),
    row('frameworks', counts(frameworks, 'none')),
    row('tasks', counts(tasks, 'none')),
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
