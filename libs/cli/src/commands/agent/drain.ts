import type { ActionView, AgentView, Page } from '@tranche/contracts';
import { FailedError, InterruptedError, TimedOutError } from '../../cli.errors.js';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { parseDurationMs } from '../../values/duration.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { eachTarget } from '../../targets/each-target.js';
import { chooseAgents } from './choose-agents.js';
import { type AgentOrder, orderAgents } from './order-agents.js';

/** Short beside the end of a task. */
const INTERVAL_MS = 200;

/** After so many looks, five seconds, without progress it is said what is waited for. */
const PATIENT_LOOKS = 25;

interface DrainFlags extends AllMatchingFlag {
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
    .option(...ALL_MATCHING)
    .option('--wait', 'return when the agent is empty')
    .action(
      action<DrainFlags>(cli, async (context, [name = ''], flags) => {
        const { deadline, markGone = false } = flags;
        const body = {
          ...(deadline === undefined ? {} : { maxGraceMs: parseDurationMs(deadline, '--deadline') }),
          markGone,
        };
        const agents = await chooseAgents(context, name, flags);
        const order: AgentOrder = {
          verb: 'drain',
          body,
          question: (what, effect) => `drain ${what}? ${effect} will be ended`,
          isLossy: true,
          done: ({ hostname }) => `draining ${hostname}`,
          trial: ({ hostname }) => `would drain ${hostname}`,
        };
        const { results, exitCode } = await orderAgents(context, agents, order, flags);
        return flags.wait && !context.flags.dryRun
          ? Math.max(exitCode, await untilAllDrained(context, results, flags.timeout))
          : exitCode;
      }),
    );
};

/** Waits for one after the other, until the same time: they are drained together. */
async function untilAllDrained(
  context: CliContext,
  agents: readonly AgentView[],
  timeout: string | undefined,
): Promise<number> {
  const { io } = context;
  const limitMs = timeout === undefined ? Number.POSITIVE_INFINITY : parseDurationMs(timeout, '--timeout');
  const wait: DrainWait = { untilMs: io.clock.nowMs() + limitMs, timeout, stop: new AbortController() };
  const ignoreSignal = io.onSignal('SIGINT', () => wait.stop.abort());
  try {
    const drained = (agent: AgentView): Promise<void> => untilDrained(context, agent, wait);
    return (await eachTarget(context, agents, ({ hostname }) => hostname, drained)).exitCode;
  } finally {
    ignoreSignal();
  }
}

interface DrainWait {
  readonly untilMs: number;
  /** As it was given. */
  readonly timeout: string | undefined;
  readonly stop: AbortController;
}

async function untilDrained(context: CliContext, { id }: AgentView, wait: DrainWait): Promise<void> {
  const { io } = context;
  let left = -1;
  let looks = 0;
  for (;;) {
    const agent = await context.api.get<AgentView>(`/v1/agents/${encodeURIComponent(id)}`);
    if (agent.state === 'gone' || agent.drain?.state === 'drained') {
      context.note(`${agent.hostname} is empty`);
      return;
    }
    if (agent.drain === undefined) throw new FailedError(`${agent.hostname} is not drained any more: it was activated`);
    if (agent.tasks !== left) context.note(`${agent.hostname}: ${leftText(agent.tasks, agent.drain.tasksAtStart)}`);
    looks = agent.tasks === left ? looks + 1 : 0;
    left = agent.tasks;
    if (looks === PATIENT_LOOKS)
      for (const text of await blockersOf(context, id)) context.note(`${agent.hostname} waits: ${text}`);
    if (io.clock.nowMs() >= wait.untilMs)
      throw new TimedOutError(`${agent.hostname} is not empty after ${wait.timeout}: ${left} tasks left`);
    if (!(await io.sleep(INTERVAL_MS, wait.stop.signal))) throw new InterruptedError('interrupted');
  }
}

/** What an agent waits for until it is empty. */
async function blockersOf({ api }: CliContext, agentId: string): Promise<string[]> {
  const { items } = await api.get<Page<ActionView>>('/v1/actions', { agentId, state: 'running' });
  return items.flatMap(({ blockers }) => blockers.map(({ text }) => text));
}

/** `4 of 7 tasks left`. */
function leftText(left: number, atStart: number | undefined): string {
  const total = Math.max(left, atStart ?? left);
  const tasks = total === 1 ? 'task' : 'tasks';
  return total > left ? `${left} of ${total} ${tasks} left` : `${left} ${tasks} left`;
}
