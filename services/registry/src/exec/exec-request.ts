import { type AgentCall, type AgentProcessIO, type ContainerID, encodeRecord } from '@tranche/mesos-api';
import { z } from 'zod';

/** One record takes as much; what is typed is less, a file that is piped in more. */
const MAX_INPUT_BYTES = 1 << 20;

const Window = z.strictObject({ rows: z.int().min(1).max(65_535), columns: z.int().min(1).max(65_535) });

/** `POST /v1/tasks/ID/exec`. */
export const ExecBody = z.strictObject({
  /** A text is run by the container's shell; words are a file and its arguments. */
  command: z.union([z.string().min(1), z.tuple([z.string().min(1)], z.string())]),
  env: z.record(z.string().min(1), z.string()).optional(),
  /** As whom; the task's own user when absent. */
  user: z.string().min(1).optional(),
  /** Size of the terminal that it is given; without it has none. */
  tty: Window.optional(),
});
export type ExecRequest = z.infer<typeof ExecBody>;

/** `POST /v1/tasks/ID/exec/SESSION:resize`. */
export const ResizeBody = Window;

/** `POST /v1/tasks/ID/exec/SESSION:signal`. */
export const SignalBody = z.strictObject({ signal: z.int().min(1).max(64) });

/** Runs a command beside what runs in a container. @param id of the session: new, below that of the container */
export function launchCall(id: ContainerID, { command, env = {}, user, tty }: ExecRequest): AgentCall {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  const words =
    typeof command === 'string'
      ? { shell: true, value: command }
      : { shell: false, value: command[0], arguments: [...command] };
  return {
    type: 'LAUNCH_NESTED_CONTAINER_SESSION',
    launch_nested_container_session: {
      container_id: id,
      command: {
        ...words,
        ...(user === undefined ? {} : { user }),
        ...(variables.length === 0 ? {} : { environment: { variables } }),
      },
      ...(tty === undefined ? {} : { container: { type: 'MESOS', tty_info: { window_size: tty } } }),
    },
  };
}

/** Bytes for the standard input of a session, as the body of one call. @param isLast nothing follows: it is closed behind them */
export function inputRecords(id: ContainerID, bytes: Buffer, isLast: boolean): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_INPUT_BYTES) pieces.push(bytes.subarray(at, at + MAX_INPUT_BYTES));
  if (isLast) pieces.push(Buffer.alloc(0));
  const data = pieces.map((piece) => ({ type: 'STDIN' as const, data: piece.toString('base64') }));
  return recordsOf(
    id,
    data.map((one) => ({ type: 'DATA' as const, data: one })),
  );
}

/** The new size of a session's terminal, as the body of one call. */
export const resizeRecords = (id: ContainerID, window: z.infer<typeof ResizeBody>): Buffer =>
  recordsOf(id, [{ type: 'CONTROL', control: { type: 'TTY_INFO', tty_info: { window_size: window } } }]);

/** The first record says whose input it is. */
function recordsOf(id: ContainerID, ios: readonly AgentProcessIO[]): Buffer {
  const members: readonly NonNullable<AgentCall['attach_container_input']>[] = [
    { type: 'CONTAINER_ID', container_id: id },
    ...ios.map((io) => ({ type: 'PROCESS_IO' as const, process_io: io })),
  ];
  const calls = members.map(
    (member): AgentCall => ({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member }),
  );
  return Buffer.concat(calls.map((call) => encodeRecord(JSON.stringify(call))));
}
