import { isDeepStrictEqual } from 'node:util';
import type { AgentCall, AgentProcessIO, CommandInfo, ContainerID } from '@tranche/mesos-api';
import type { Terminal, TerminalSize } from '../cli-io.js';
import { RefusedError } from '../cli.errors.js';
import type { AgentCalls } from './agent-calls.js';
import { ContainerInput } from './container-input.js';

/** Takes a piece of output; reading waits for it. */
export type TakeOutput = (stream: 'STDOUT' | 'STDERR', data: Buffer) => Promise<void>;

/** What goes in and out of a container. */
export interface ContainerStreams {
  /** Absent: there is no input. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  readonly take: TakeOutput;
  /** Of ours, when the container has one too: its size is passed on. */
  readonly terminal?: Terminal | undefined;
}

/** A command that is to run in a container. */
export interface SessionCommand {
  /** Of the session: a new id, below that of the container. */
  readonly id: ContainerID;
  readonly command: CommandInfo;
}

/** How a session ended. */
export type SessionEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** It could not be run. */
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Runs a command in a container, beside what runs there, until it ends; with the connection it ends too.
 *
 * @throws RefusedError, ClusterUnreachableError
 */
export async function runSession(
  agent: AgentCalls,
  { id, command }: SessionCommand,
  streams: ContainerStreams,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const size = streams.terminal?.size();
  const tty = size && { container: { type: 'MESOS' as const, tty_info: { window_size: size } } };
  const call: AgentCall = {
    type: 'LAUNCH_NESTED_CONTAINER_SESSION',
    launch_nested_container_session: { container_id: id, command, ...tty },
  };
  const output = await agent.output(call, signal);
  await joinContainer(agent, id, output, streams, size);
  return waitForContainer(agent, id, signal);
}

/** How a container ended, once it has. @throws RefusedError, ClusterUnreachableError */
export async function waitForContainer(agent: AgentCalls, id: ContainerID, signal?: AbortSignal): Promise<SessionEnd> {
  const wait = { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: id } } as const;
  const { exit_status: status, message = '' } = (await agent.call(wait, signal))?.wait_nested_container ?? {};
  if (status === undefined) return { kind: 'failed', message: message || 'the agent does not say how it ended' };
  return { kind: 'exited', exitCode: exitCodeOfStatus(status) };
}

/**
 * Passes input to a container and takes its output, to the end of the output.
 *
 * @param knownSize of the terminal, as the container has it already
 * @throws ClusterUnreachableError when the output breaks off; RefusedError when the input is refused;
 *   what `input` throws
 */
export async function joinContainer(
  agent: AgentCalls,
  id: ContainerID,
  output: AsyncIterable<AgentProcessIO>,
  streams: ContainerStreams,
  knownSize?: TerminalSize,
): Promise<void> {
  const over = new AbortController();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const refused = (error: unknown): void => {
    // The input of a container that has ended already is refused: then its output says all.
    if (!(error instanceof RefusedError && error.status === 404)) broken.reject(error);
  };
  const input = new ContainerInput(agent, id, refused, over.signal);
  const stop = feed(input, streams, { knownSize, fail: broken.reject });
  try {
    await Promise.race([takeAll(output, streams.take), broken.promise]);
  } finally {
    stop();
    over.abort();
  }
}

/** Takes output to its end. @throws ClusterUnreachableError when it breaks off */
export async function takeAll(output: AsyncIterable<AgentProcessIO>, take: TakeOutput): Promise<void> {
  for await (const { data } of output) {
    if (data?.type === 'STDOUT' || data?.type === 'STDERR')
      await take(data.type, Buffer.from(data.data ?? '', 'base64'));
  }
}

/** @param fail is told of a source that breaks @returns ends the feeding */
function feed(
  input: ContainerInput,
  { input: source, terminal }: ContainerStreams,
  { knownSize, fail }: { knownSize: TerminalSize | undefined; fail: (error: unknown) => void },
): () => void {
  const tellSize = (): void => {
    const tty = terminal && { window_size: terminal.size() };
    if (tty) input.send({ type: 'CONTROL', control: { type: 'TTY_INFO', tty_info: tty } });
  };
  // It may have changed before anybody listened.
  if (terminal && !isDeepStrictEqual(terminal.size(), knownSize)) tellSize();
  const stopResize = terminal?.onResize(tellSize);
  let isOver = false;
  const send = async (): Promise<void> => {
    for await (const chunk of source ?? []) {
      if (isOver) return;
      if (chunk.length > 0) await input.sendData(chunk);
    }
    // A terminal has no end; who reads one waits for keys.
    if (terminal || isOver) return;
    await input.sendData(new Uint8Array());
  };
  send().catch(fail);
  return () => {
    isOver = true;
    stopResize?.();
  };
}

/** The exit code that a shell gives for a wait status. */
export function exitCodeOfStatus(waitStatus: number): number {
  const signal = waitStatus & 0x7f;
  return signal === 0 ? (waitStatus >> 8) & 0xff : 128 + signal;
}
