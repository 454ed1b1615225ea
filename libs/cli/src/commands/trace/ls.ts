import type { TraceList, TraceItemView } from '@tranche/contracts';
import { ATTRIBUTE } from '@tranche/telemetry';
import { action, type Register } from '../../command-action.js';
import type { CliContext } from '../../cli-context.js';
import { NOTHING, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { parseDurationMs } from '../../values/duration.js';
import { spanText, textOf } from './span-text.js';
import { lengthText } from './waterfall-text.js';

interface ListFlags {
  /** True when it was given without a length. */
  slow?: string | true;
  error?: boolean;
  service?: string;
}

/** What counts as slow when nobody says. */
const SLOW = '1s';

export const registerTraceLs: Register = (parent, cli) => {
  parent
    .command('ls')
    .description('recent traces, newest first')
    .option('--slow [DURATION]', `only those with a part that took this long (default ${SLOW})`)
    .option('--error', 'only those in which something failed')
    .option('--service <NAME>', 'only those that this service has: registry, offers, allocator, quota, agent')
    .action(action<ListFlags>(cli, (context, _args, flags) => listTraces(context, flags)));
};

async function listTraces(context: CliContext, { slow, error, service }: ListFlags): Promise<void> {
  const slowMs = slow === undefined ? undefined : parseDurationMs(slow === true ? SLOW : slow, '--slow');
  await showList<TraceItemView>(
    context,
    () => viewOf(context, whenEmpty(slowMs, error ?? false, service)),
    async () => {
      const list = await context.api.get<TraceList>('/v1/traces', {
        slow: slowMs,
        error: error ? true : undefined,
        service,
      });
      for (const name of list.missing) context.note(`${name} does not answer: its traces are missing`);
      return { items: list.items, asOf: 0 };
    },
  );
}

/** What was looked for, when there is none. */
function whenEmpty(slowMs: number | undefined, isError: boolean, service: string | undefined): string {
  const wanted = [
    isError ? 'in which something failed' : '',
    slowMs === undefined ? '' : `with a part of ${lengthText(slowMs)} or more`,
    service === undefined ? '' : `of ${service}`,
  ].filter((part) => part !== '');
  return wanted.length === 0
    ? 'no traces are kept yet: tranche run -- sleep 60'
    : `no trace that is kept is one ${wanted.join(', ')}; all of them: tranche trace ls`;
}

const viewOf = ({ io }: CliContext, emptyText: string): ListView<TraceItemView> => ({
  columns: [
    { title: 'TRACE', cell: ({ traceId }) => traceId.slice(0, 8) },
    { title: 'ID', cell: ({ traceId }) => traceId, isWide: true },
    {
      title: 'AGE',
      cell: ({ startMs }) => since(new Date(startMs).toISOString(), io.clock.nowMs(), false),
      order: ({ startMs }) => -startMs,
    },
    {
      title: 'LONGEST',
      cell: ({ longestMs }) => lengthText(longestMs, true),
      order: ({ longestMs }) => longestMs,
      align: 'right',
    },
    { title: 'WHAT', cell: whatOf },
    { title: 'TASK', cell: ({ attributes }) => textOf({ attributes }, ATTRIBUTE.taskId) || NOTHING },
    { title: 'SPANS', cell: ({ spans }) => String(spans), order: ({ spans }) => spans, align: 'right' },
    { title: 'SERVICES', cell: ({ services }) => services.join(' ') },
    { title: 'ERROR', cell: ({ error }) => error ?? NOTHING },
  ],
  name: ({ traceId }) => traceId,
  whenEmpty: emptyText,
});

const whatOf = ({ name, attributes }: TraceItemView): string => {
  const span = { traceId: '', spanId: '', name, kind: attributes[ATTRIBUTE.httpMethod] === undefined ? '' : 'server' };
  return spanText({ ...span, startMs: 0, endMs: 0, attributes, links: [] }, { agent: (id) => id }).title;
};
