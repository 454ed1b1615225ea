import type { AgentView, FrameworkView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { liveTasks } from '../../names/find-tasks.js';
import { bytesOf, NOTHING } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import type { Column } from '../../output/table.js';
import { LIVE_FRAMEWORKS } from '../../values/framework-words.js';
import { formatCount } from '../../values/size.js';
import { agentRows, frameworkRows, taskRows, type TopRow } from './top-rows.js';
import { type Sample, takeSamples, usagesOf } from './usage-samples.js';

const KINDS = ['agents', 'tasks', 'frameworks'] as const;
type Kind = (typeof KINDS)[number];

/** Between the two measurements that a rate needs. */
const MEASURE_MS = 1_000;

/** `tranche top`: who uses most, measured now. */
export const registerTop: Register = (program, cli) => {
  program
    .command('top')
    .description('who uses most cpus and memory, measured now; -w goes on')
    .argument('[KIND]', KINDS.join(', '), 'tasks')
    .action(
      action(cli, async (context, [word = 'tasks']) => {
        const kind = KINDS.find((known) => known === word);
        if (kind === undefined) throw new UsageError(`top: "${word}" is not one of ${KINDS.join(' ')}`);
        let before: readonly Sample[] = [];
        await showList(
          context,
          () => viewOf(kind),
          async () => {
            const agents = await context.api.list<AgentView>('/v1/agents');
            if (before.length === 0) {
              before = (await takeSamples(context.api, agents.items)).samples;
              if (before.length > 0) await context.io.sleep(MEASURE_MS, new AbortController().signal);
            }
            const { samples, silent } = await takeSamples(context.api, agents.items);
            const usages = usagesOf(before, samples);
            before = samples;
            if (silent.length > 0) context.note(`without ${silent.join(', ')}: no answer`);
            const rows = await rowsOf(context, kind, agents.items, usages);
            return { items: rows.toSorted((a, b) => (b.cpus ?? 0) - (a.cpus ?? 0)), asOf: agents.asOf };
          },
        );
      }),
    );
};

async function rowsOf(
  { api }: CliContext,
  kind: Kind,
  agents: readonly AgentView[],
  usages: ReturnType<typeof usagesOf>,
): Promise<TopRow[]> {
  switch (kind) {
    case 'tasks':
      return taskRows(await liveTasks(api), usages);
    case 'agents':
      return agentRows(agents, usages);
    case 'frameworks':
      return frameworkRows((await api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS })).items, usages);
  }
}

const CPUS: Column<TopRow> = {
  title: 'CPUS',
  cell: ({ cpus, cpusAsked }) =>
    `${cpus === undefined ? NOTHING : formatCount(Number(cpus.toFixed(2)))}/${formatCount(cpusAsked)}`,
  order: ({ cpus = 0 }) => cpus,
  align: 'right',
};
const MEM: Column<TopRow> = {
  title: 'MEM',
  cell: ({ memBytes, memAskedBytes }) => bytesOf(memBytes, memAskedBytes),
  order: ({ memBytes }) => memBytes,
  align: 'right',
};
const TASKS: Column<TopRow> = {
  title: 'TASKS',
  cell: ({ tasks }) => String(tasks),
  order: ({ tasks }) => tasks,
  align: 'right',
};

function viewOf(kind: Kind): ListView<TopRow> {
  const places: Column<TopRow>[] =
    kind === 'tasks'
      ? [
          { title: 'AGENT', cell: ({ agent = NOTHING }) => agent },
          { title: 'FRAMEWORK', cell: ({ framework = NOTHING }) => framework },
        ]
      : [TASKS];
  return {
    name: ({ id }) => id,
    whenEmpty: kind === 'agents' ? 'no agent has registered' : 'nothing runs; tranche run -- sleep 60 starts something',
    columns: [
      { title: 'NAME', cell: ({ name }) => name },
      CPUS,
      MEM,
      ...places,
      { title: 'ID', cell: ({ id }) => id, isWide: true },
    ],
  };
}
