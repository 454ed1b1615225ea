import type { EventView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import type { ListView } from '../../output/list-view.js';
import { isTable } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { parseDurationMs } from '../../values/duration.js';
import { type EventFilter, eventText, passes } from './event-line.js';
import { followEvents } from './follow-events.js';

interface EventFlags extends EventFilter {
  since?: string;
  follow?: boolean;
  watch?: boolean;
}

/** `tranche events`: what has happened in the cluster, and what happens. */
export const registerEvents: Register = (program, cli) => {
  program
    .command('events')
    .description('what has happened in the cluster of late; with -f what happens from now on, until Ctrl-C')
    .option('--task <T>', 'only of this task: its id or name')
    .option('--framework <F>', 'only of this framework: its name, id or short id')
    .option('--agent <A>', 'only of this agent: its host name, id or short id')
    .option('--type <GLOB>', 'only of these types: TASK_*, AGENT_ADDED')
    .option('--since <DURATION>', 'only of this time: 10m')
    .option('-f, --follow', 'go on until Ctrl-C')
    .action(
      action<EventFlags>(cli, async (context, _names, flags) => {
        const since =
          flags.since === undefined
            ? undefined
            : new Date(context.io.clock.nowMs() - parseDurationMs(flags.since, '--since')).toISOString();
        if (flags.follow || flags.watch) return follow(context, flags, since);
        await showList(
          context,
          () => VIEW,
          async () => {
            const { items, asOf } = await context.api.list<EventView>('/v1/events', { since });
            const found = items.filter((event) => passes(event, flags));
            // The newest are wanted; with an order of one's own its first ones.
            const max = Number(context.flags.max ?? found.length);
            return { items: context.flags.sort === undefined && max > 0 ? found.slice(-max) : found, asOf };
          },
        );
        return EXIT_CODES.done;
      }),
    );
};

async function follow(context: CliContext, filter: EventFilter, since: string | undefined): Promise<number> {
  const stop = new AbortController();
  const ignoreSignal = context.io.onSignal('SIGINT', () => stop.abort());
  try {
    await followEvents(context, { since, signal: stop.signal }, (event) => {
      if (passes(event, filter)) context.io.stdout.write(`${lineOf(context, event)}\n`);
    });
    return EXIT_CODES.interrupted;
  } catch (error) {
    if (stop.signal.aborted) return EXIT_CODES.interrupted;
    throw error;
  } finally {
    ignoreSignal();
  }
}

function lineOf(context: CliContext, event: EventView): string {
  if (isTable(context)) return `${event.at}  ${event.type.padEnd(17)}  ${eventText(event)}`;
  return context.settings.output === 'name' ? event.type : JSON.stringify(event);
}

const VIEW: ListView<EventView> = {
  name: ({ type }) => type,
  whenEmpty: 'nothing has happened that is kept; -f shows what happens from now on',
  columns: [
    { title: 'TIME', cell: ({ at }) => at, order: ({ number }) => number },
    { title: 'TYPE', cell: ({ type }) => type },
    { title: 'WHAT', cell: eventText },
    { title: 'TRACE', cell: ({ traceId = '-' }) => traceId, isWide: true },
  ],
};
