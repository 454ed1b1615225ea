import type { TaskView } from '@tranche/contracts';
import { LostConnection } from '../api/lost-connection.js';
import type { CliContext } from '../cli-context.js';
import { FailedError, TimedOutError, UsageError } from '../cli.errors.js';
import { action, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { AgentCalls } from '../sessions/agent-calls.js';
import { type ContainerPlace, placeOfContainer } from '../sessions/container-place.js';
import { Detached, untilDetached } from '../sessions/detach-keys.js';
import { needTerminal, openStreams } from '../sessions/local-streams.js';
import { type ContainerStreams, joinContainer, takeAll, waitForContainer } from '../sessions/run-session.js';
import { catchSignals } from '../sessions/stop-session.js';
import { isLive, stateWord } from '../values/task-words.js';
import { copyLog, LOG_STREAMS } from './log-stream.js';

/** How often a task whose output has ended is looked at, until its end is known. */
const LOOK_AGAIN_MS = 100;

interface AttachFlags {
  interactive?: boolean;
  tty?: boolean;
}

/** `tranche attach`: the terminal or output of a task, or what goes in and out of a session, until it ends. */
export const registerAttach: Register = (program, cli) => {
  program
    .command('attach')
    .description("join a running task's terminal, its output, or a session; exits with its status")
    .argument('<TASK|CONTAINER>', 'a name, an instance (web.0), FRAMEWORK/NAME or an id; or the id of a session')
    .option('-i, --interactive', 'pass standard input on to a session; Ctrl-P Ctrl-Q leaves it')
    .option('-t, --tty', 'the session has a terminal: it becomes ours')
    .action(
      action<AttachFlags>(cli, async (context, [text = ''], flags) => {
        const place = await placeOfContainer(context.api, text);
        const { task, isOfTask } = place;
        if (isOfTask && task.hasTerminal !== true) {
          refuseInput(task, flags);
          return followTask(context, task);
        }
        // That of a task is told by the task; of a session only who has begun it knows.
        const ours = isOfTask ? context.io.terminal : undefined;
        const terminal = flags.tty ? needTerminal(context.io) : ours;
        return join(context, place, { hasInput: flags.interactive ?? ours !== undefined, terminal });
      }),
    );
};

/** @throws UsageError */
function refuseInput({ name }: TaskView, { interactive, tty }: AttachFlags): void {
  if (!interactive && !tty) return;
  const hint = `a command beside it has both: tranche exec -it ${name} -- sh`;
  throw new UsageError(`${name} has no terminal and takes no input`, [hint]);
}

async function join(
  context: CliContext,
  place: ContainerPlace,
  options: Parameters<typeof openStreams>[1],
): Promise<number> {
  const agent = new AgentCalls(context.api, place.agentId);
  const gone = new AbortController();
  const signals = catchSignals(context.io, { end: () => gone.abort() });
  const streams = openStreams(context.io, options);
  let isWhole = false;
  try {
    await showContainer(
      agent,
      place,
      { ...streams, input: streams.input && untilDetached(streams.input) },
      gone.signal,
    );
    isWhole = true;
  } catch (error) {
    if (error instanceof Detached) {
      context.note('detached; it runs on');
      return EXIT_CODES.done;
    }
    if (!gone.signal.aborted) throw error;
  } finally {
    gone.abort();
    streams.release(isWhole);
    signals.release();
  }
  return signals.exitCode() ?? (place.isOfTask ? endOfTask(context, place.task) : endOfSession(agent, place));
}

async function showContainer(
  agent: AgentCalls,
  { container }: ContainerPlace,
  streams: ContainerStreams,
  signal: AbortSignal,
): Promise<void> {
  const member = { container_id: container };
  const output = await agent.output({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: member }, signal);
  if (streams.input === undefined) await takeAll(output, streams.take);
  else await joinContainer(agent, container, output, streams);
}

async function endOfSession(agent: AgentCalls, { container }: ContainerPlace): Promise<number> {
  const end = await waitForContainer(agent, container);
  if (end.kind === 'exited') return end.exitCode;
  throw new FailedError(`the command could not be run: ${end.message}`);
}

/** Shows what a task writes from now on; Ctrl-C leaves it running. */
async function followTask(context: CliContext, task: TaskView): Promise<number> {
  const { io } = context;
  const gone = new AbortController();
  const signals = catchSignals(io, { end: () => gone.abort() });
  const copy = { task, follow: true, tail: 0, signal: gone.signal, connection: new LostConnection(context) };
  try {
    await Promise.all(LOG_STREAMS.map((stream) => copyLog(context, { ...copy, stream }, io[stream])));
  } finally {
    signals.release();
  }
  return signals.exitCode() ?? endOfTask(context, task);
}

/** The status of a task that is about to end. @throws TimedOutError */
async function endOfTask({ io, api, settings }: CliContext, { id, frameworkId, name }: TaskView): Promise<number> {
  const untilMs = io.clock.nowMs() + settings.timeoutMs;
  const never = new AbortController().signal;
  for (;;) {
    const task = await api.get<TaskView>(`/v1/tasks/${encodeURIComponent(id)}`, { frameworkId });
    if (!isLive(task)) {
      if (task.signal !== undefined) return 128 + task.signal;
      return task.exitCode ?? (task.state === 'TASK_FINISHED' ? EXIT_CODES.done : EXIT_CODES.ownFailure);
    }
    if (io.clock.nowMs() >= untilMs) {
      throw new TimedOutError(`${name} writes nothing more, but has not ended: it is ${stateWord(task.state)}`);
    }
    await io.sleep(LOOK_AGAIN_MS, never);
  }
}
