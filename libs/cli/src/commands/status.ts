import type { FrameworkView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli.errors.js';
import { showing, type Register } from '../command-action.js';
import { type Paint, painter } from '../output/cells.js';
import { isTable } from '../output/list-view.js';
import { formatLongSpan, formatSpan } from '../values/duration.js';
import { formatBytes, formatCount } from '../values/size.js';
import { type Attention, findAttention } from './status/attention.js';
import { readCluster, type Service } from './status/read-cluster.js';
import { type ClusterSummary, type ResourceSummary, summarize } from './status/summarize.js';

/** Cells of a bar. */
const BAR_WIDTH = 20;

/** `tranche status`: the cluster on one screen. */
export const registerStatus: Register = (program, cli) => {
  program
    .command('status')
    .description('the cluster on one screen')
    .action(
      showing(cli, async (context) => {
        const { io } = context;
        const [{ views, version, missing }, startedAtMs] = await Promise.all([readCluster(context), startOf(context)]);
        const nowMs = io.clock.nowMs();
        const summary = summarize(views, nowMs);
        const attention = findAttention(views, missing, nowMs);
        const { url, contextName, output } = context.settings;
        if (isTable(context)) {
          const up = startedAtMs === undefined ? versionText(version) : `up ${formatSpan(nowMs - startedAtMs)}`;
          const gone = disconnectedText(views.frameworks, nowMs);
          io.stdout.write(render(context, [up, gone], knownOf(summary, missing), attention));
        } else {
          const startedAt = startedAtMs === undefined ? undefined : new Date(startedAtMs).toISOString();
          const cluster = { url, context: contextName, version, startedAt };
          const document = { ...cluster, ...knownOf(summary, missing), missing, attention };
          io.stdout.write(`${JSON.stringify(document, undefined, output === 'json' ? 2 : undefined)}\n`);
        }
      }),
    );
};

const versionText = (version: string | undefined): string => (version === undefined ? '' : `version ${version}`);

/** What is known without those that do not answer. */
function knownOf(summary: ClusterSummary, missing: readonly Service[]): Partial<ClusterSummary> {
  const { agents, resources, frameworks, tasks } = summary;
  return {
    ...(missing.includes('registry') ? {} : { agents, resources }),
    ...(missing.includes('offers') ? {} : { frameworks, tasks }),
  };
}

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
  summary: Partial<ClusterSummary>,
  attention: readonly Attention[],
): string {
  const paint = painter(settings.color);
  const { agents, frameworks, resources, tasks } = summary;
  const unknown = paint('yellow', 'not known');
  const rows = [
    [settings.contextName, settings.url, up].filter(Boolean).join(' · '),
    row('agents', agents === undefined ? unknown : counts(agents, 'none')),
    ...(resources === undefined ? [] : resourceRows(resources, paint)),
    row('frameworks', frameworks === undefined ? unknown : `${counts(frameworks, 'none')}${disconnected}`),
    row('tasks', tasks === undefined ? unknown : counts(taskWords(tasks), 'none')),
    ...attention.map(({ text, command }, index) =>
      row(
        index === 0 ? 'attention' : '',
        `${paint('yellow', '▲')} ${text.padEnd(58)} ${paint('dim', command)}`.trimEnd(),
      ),
    ),
  ];
  return `${rows.join('\n')}\n`;
}

const resourceRows = ({ cpus, mem, gpus }: ClusterSummary['resources'], paint: Paint): string[] => [
  row('cpus', bar(cpus, formatCount, paint)),
  row('mem', bar(mem, formatBytes, paint)),
  ...(gpus.total > 0 ? [row('gpus', bar(gpus, formatCount, paint))] : []),
];

const taskWords = ({ failedInLastHour, ...tasks }: ClusterSummary['tasks']): Record<string, number> => ({
  ...tasks,
  'failed in the last hour': failedInLastHour,
});

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
