import { randomUUID } from 'node:crypto';
import type { CommandInfo, ContainerID } from '@tranche/mesos-api';
import type { CliContext } from '../cli-context.js';
import { FailedError, UsageError } from '../cli.errors.js';
import { action, type Cli, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { AgentCalls } from '../sessions/agent-calls.js';
import { containerName, placeOfTask } from '../sessions/container-place.js';
import { needTerminal, openStreams } from '../sessions/local-streams.js';
import { runSession, type SessionCommand } from '../sessions/run-session.js';
import { catchSignals } from '../sessions/stop-session.js';

interface ExecFlags {
  interactive?: boolean;
  tty?: boolean;
}

/** `tranche exec`: a command beside a task, in its container; exits as the command does. */
export const registerExec: Register = (program, cli) => {
  program
    .command('exec')
    .description("run a command in a running task's container")
    .argument('<TASK>', 'a name, an instance (web.0), FRAMEWORK/NAME or an id')
    .argument('[COMMAND...]', 'behind --; a single word is run by the shell of the container')
    .option('-i, --interactive', 'pass standard input on')
    .option('-t, --tty', 'give the command a terminal')
    .action(
      action<ExecFlags>(cli, async (context, [task = '', ...words], flags) => {
        const command = commandOf(cli, task, words);
        const terminal = flags.tty ? needTerminal(context.io) : undefined;
        const place = await placeOfTask(context.api, task);
        if (context.flags.dryRun) {
          context.io.stdout.write(
            `would run ${words.join(' ')} in ${place.task.name} on ${place.task.agentHostname}\n`,
          );
          return EXIT_CODES.done;
        }
        await context.mayChange();
        const agent = new AgentCalls(context.api, place.agentId);
        const environment = terminal && {
          environment: { variables: [{ name: 'TERM', value: context.io.env['TERM'] ?? 'xterm' }] },
        };
        const session = {
          id: { value: randomUUID(), parent: place.container },
          command: { ...command, ...environment },
        };
        if (context.flags.verbose) context.note(`session ${containerName(session.id)}`);
        return runHere(context, agent, session, { hasInput: flags.interactive ?? false, terminal });
      }),
    );
};

function commandOf({ args }: Cli, task: string, words: readonly string[]): CommandInfo {
  if (words.length === 0) throw new UsageError('there is no command', [`try: tranche exec -it ${task} -- sh`]);
  if (!args.includes('--')) {
    throw new UsageError('put -- before the command', [`try: tranche exec ${task} -- ${words.join(' ')}`]);
  }
  if (words.length === 1) return { shell: true, value: words[0] ?? '' };
  return { shell: false, value: words[0] ?? '', arguments: [...words] };
}

/** Runs it with our streams. @returns the command's exit status, or 128 + signal when one to us has ended it */
async function runHere(
  { io }: CliContext,
  agent: AgentCalls,
  session: SessionCommand,
  options: Parameters<typeof openStreams>[1],
): Promise<number> {
  const gone = new AbortController();
  const isRaw = options.hasInput && options.terminal !== undefined;
  const signals = catchSignals(io, {
    passOn: isRaw ? undefined : (signal) => sendSignal(agent, session.id, signal),
    end: () => gone.abort(),
  });
  const streams = openStreams(io, options);
  let isWhole = false;
  try {
    const end = await runSession(agent, session, streams, gone.signal);
    isWhole = true;
    if (end.kind === 'exited') return end.exitCode;
    throw new FailedError(`the command could not be run: ${end.message}`);
  } catch (error) {
    const exitCode = signals.exitCode();
    if (exitCode === undefined) throw error;
    return exitCode;
  } finally {
    streams.release(isWhole);
    signals.release();
  }
}

/** @returns false when the agent cannot send it */
async function sendSignal(agent: AgentCalls, id: ContainerID, signal: number): Promise<boolean> {
  try {
    await agent.call({ type: 'KILL_NESTED_CONTAINER', kill_nested_container: { container_id: id, signal } });
    return true;
  } catch {
    return false;
  }
}
