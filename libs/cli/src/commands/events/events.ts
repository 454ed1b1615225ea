import { type MasterEvent, RecordDecoder } from '@tranche/mesos-api';
import { problemError } from '../../api/problem.js';
import { unreachable } from '../../api/http-exchange.js';
import { action, type Register } from '../../command-action.js';
import type { CliContext } from '../../cli-context.js';
import { EXIT_CODES } from '../../exit-code.js';
import { isTable } from '../../output/list-view.js';
import { type EventFilter, factsOf, passes } from './event-line.js';

/** `tranche events`: what happens in the cluster, as it happens. */
export const registerEvents: Register = (program, cli) => {
  program
    .command('events')
    .description('follow what happens in the cluster, until Ctrl-C')
    .option('--task <T>', 'only of this task: its id or name')
    .option('--framework <F>', 'only of this framework: its name, id or short id')
    .option('--agent <A>', 'only of this agent: its id or short id')
    .option('--type <GLOB>', 'only of these types: TASK_*, AGENT_ADDED')
    .option('-f, --follow', 'go on until Ctrl-C; it always does')
    .action(
      action<EventFilter>(cli, async (context, _names, { task, framework, agent, type }) => {
        const filter = {
          ...(task === undefined ? {} : { task }),
          ...(framework === undefined ? {} : { framework }),
          ...(agent === undefined ? {} : { agent }),
          ...(type === undefined ? {} : { type }),
        };
        const stop = new AbortController();
        const ignoreSignal = context.io.onSignal('SIGINT', () => stop.abort());
        try {
          await follow(context, filter, stop.signal);
          return EXIT_CODES.done;
        } catch (error) {
          if (stop.signal.aborted) return EXIT_CODES.interrupted;
          throw error;
        } finally {
          ignoreSignal();
        }
      }),
    );
};

/** Until the stream ends, as it does when the control plane begins anew: what happened then is not told. */
async function follow(context: CliContext, filter: EventFilter, signal: AbortSignal): Promise<void> {
  const { api, io } = context;
  const answer = await api.exchange({
    method: 'POST',
    path: '/api/v1',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: Buffer.from('{"type":"SUBSCRIBE"}'),
    signal,
  });
  if ((answer.statusCode ?? 0) >= 400) throw problemError(await api.whole(answer), '/api/v1');
  const decoder = new RecordDecoder();
  try {
    for await (const chunk of answer) {
      for (const record of decoder.push(chunk as Buffer)) {
        const line = lineOf(context, JSON.parse(record.toString()) as MasterEvent, filter);
        if (line !== undefined) io.stdout.write(`${line}\n`);
      }
    }
  } catch (error) {
    throw signal.aborted ? error : unreachable(api.url, error);
  }
  context.note('the stream has ended: the control plane begins anew');
}

function lineOf(context: CliContext, event: MasterEvent, filter: EventFilter): string | undefined {
  const facts = factsOf(event);
  if (facts === undefined || !passes(facts, filter)) return undefined;
  if (!isTable(context)) return context.settings.output === 'name' ? facts.type : JSON.stringify(event);
  return `${new Date(context.io.clock.nowMs()).toISOString()}  ${facts.type.padEnd(17)}  ${facts.text}`;
}
