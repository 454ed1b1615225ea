import type { CallView, EventView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import type { ListView } from '../../output/list-view.js';
import { isTable } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { parseDurationMs } from '../../values/duration.js';
import { type EventFilter, eventText, globOf, passes } from './event-line.js';
import { followStream } from './follow-stream.js';
import { callsPath, callsStream, callText, showCalls } from './stream-calls.js';

interface EventFlags extends EventFilter {
  since?: string;
  follow?: boolean;
  watch?: boolean;
  calls?: boolean;
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
    .option('--calls', 'instead, the calls of a framework and the events that it was sent, with their sizes')
    .option('-f, --follow', 'go on until Ctrl-C')
    .action(
      action<EventFlags>(cli, async (context, _names, flags) => {
        const since =
          flags.since === undefined
            ? undefined
            : new Date(context.io.clock.nowMs() - parseDurationMs(flags.since, '--since')).toISOString();
        if (flags.calls) return calls(context, flags, since);
        if (flags.follow || flags.watch) return followEvents(context, flags, since);
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

function followEvents(context: CliContext, filter: EventFilter, since: string | undefined): Promise<number> {
  const query = since === undefined ? 'onlyNew=true' : `since=${encodeURIComponent(since)}`;
  return follow(context, `/v1/events?${query}`, (event, data) => {
    if (event !== 'snapshot' && passes(data as EventView, filter)) {
      context.io.stdout.write(`${lineOf(context, data as EventView)}\n`);
    }
  });
}

/** What a framework calls and is sent. @throws UsageError when none is named */
async function calls(context: CliContext, flags: EventFlags, since: string | undefined): Promise<number> {
  const path = await callsPath(context, flags.framework);
  const isShown = ({ at, type }: CallView): boolean =>
    (since === undefined || at >= since) && (flags.type === undefined || globOf(flags.type).test(type));
  if (!flags.follow && !flags.watch) {
    await showCalls(context, path, isShown);
    return EXIT_CODES.done;
  }
  return follow(context, callsStream(path), (event, data) => {
    const call = data as CallView;
    const isWanted = event === 'changed' || (event === 'snapshot' && since !== undefined);
    if (!isWanted || !isShown(call)) return;
    const line = isTable(context) ? `${call.at}  ${callText(call)}` : JSON.stringify(call);
    context.io.stdout.write(`${context.settings.output === 'name' ? call.type : line}\n`);
  });
}

async function follow(
  context: CliContext,
  path: string,
  take: (event: string, data: unknown) => void,
): Promise<number> {
  const stop = new AbortController();
  const ignoreSignal = context.io.onSignal('SIGINT', () => stop.abort());
  try {
    await followStream(context, { path, signal: stop.signal }, take);
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
