import type { AgentView } from '@tranche/contracts';
import { FailedError, TimedOutError } from '../../cli.errors.js';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { parseDurationMs } from '../../values/duration.js';
import { chooseAgent, effectsText, orderAgent } from './order-agent.js';

/** Short beside the end of a task. */
const INTERVAL_MS = 200;

interface DrainFlags {
  deadline?: string;
  markGone?: boolean;
  wait?: boolean;
  /** The global flag, which here limits the wait. */
  timeout?: string;
}

/** `tranche agent drain`: ends what runs on an agent and keeps new work away. */
export const registerAgentDrain: Register = (agent, cli) => {
  agent
    .command('drain')
    .description('end what runs on an agent and keep new work away, until it is activated again')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .option('--deadline <DURATION>', 'longest time from SIGTERM to SIGKILL of each task')
    .option('--mark-gone', 'declare the agent gone when it is empty: it never comes back')
    .option('--wait', 'return when the agent is empty')
    .action(
      action<DrainFlags>(cli, async (context, [name = ''], flags) => {
        const { deadline, markGone = false } = flags;
        const body = {
          ...(deadline === undefined ? {} : { maxGraceMs: parseDurationMs(deadline, '--deadline') }),
          markGone,
        };
        const code = await orderAgent(context, name, {
          verb: 'drain',
          body,
          question: ({ hostname }, effects) => `drain ${hostname}? ${effectsText(effects)} will be ended`,
          done: ({ hostname }) => `draining ${hostname}`,
        });
        return code === EXIT_CODES.done && flags.wait && !context.flags.dryRun
          ? untilDrained(context, name, flags.timeout)
          : code;
      }),
    );
};

async function untilDrained(context: CliContext, name: string, timeout: string | undefined): Promise<number> {
  const { io } = context;
  const limitMs = timeout === undefined ? Number.POSITIVE_INFINITY : parseDurationMs(timeout, '--timeout');
  const untilMs = io.clock.nowMs() + limitMs;
  const stop = new AbortController();
  const ignoreSignal = io.onSignal('SIGINT', () => stop.abort());
  let left = -1;
  try {
    const { id } = await chooseAgent(context, name);
    for (;;) {
      const agent = await context.api.get<AgentView>(`/v1/agents/${encodeURIComponent(id)}`);
      if (agent.state === 'gone' || agent.drain?.state === 'drained') {
        context.note(`${agent.hostname} is empty`);
        return EXIT_CODES.done;
      }
      if (agent.drain === undefined)
        throw new FailedError(`${agent.hostname} is not drained any more: it was activated`);
      if (agent.tasks !== left) context.note(`${agent.hostname}: ${leftText(agent.tasks, agent.drain.tasksAtStart)}`);
      left = agent.tasks;
      if (io.clock.nowMs() >= untilMs)
        throw new TimedOutError(`${agent.hostname} is not empty after ${timeout}: ${left} tasks left`);
      if (!(await io.sleep(INTERVAL_MS, stop.signal))) return EXIT_CODES.interrupted;
    }
  } finally {
    ignoreSignal();
  }
}

/** `4 of 7 tasks left`. */
function leftText(left: number, atStart: number | undefined): string {
  const total = Math.max(left, atStart ?? left);
  const tasks = total === 1 ? 'task' : 'tasks';
  return total > left ? `${left} of ${total} ${tasks} left` : `${left} ${tasks} left`;
}
