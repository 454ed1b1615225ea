import {
  type AgentCall,
  type ApiRefusal,
  type CommandInfo,
  decodeBody,
  type MediaType,
  messageTypes,
  type TTYInfo,
} from '@tranche/mesos-api';
import type { Terminal, WindowSize } from '../../containerizer/terminal/terminal.js';
import type { Session } from '../../sessions/session.js';
import { containerName, type Sessions } from '../../sessions/sessions.js';
import { argvOf } from '../../tasks/command/command-task.js';

export type FoundSession =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly refusal: ApiRefusal };

const no = (kind: 'bad-request' | 'not-found' | 'conflict', message: string): FoundSession & { ok: false } => ({
  ok: false,
  refusal: { kind, message },
});

/** The session of LAUNCH_NESTED_CONTAINER_SESSION, not begun yet. @source operator API §5 */
export function openSession(call: AgentCall, sessions: Sessions): FoundSession {
  const { container_id: id, command = {}, container } = call.launch_nested_container_session ?? {};
  if (id === undefined) return no('bad-request', "Expecting 'container_id' to be present");
  const name = containerName(id);
  const reason =
    id.parent === undefined
      ? "Expecting 'launch_nested_container_session.container_id.parent' to be present"
      : whyNotSupported(command);
  if (reason !== undefined || id.parent === undefined) return no('bad-request', reason ?? '');
  const session = sessions.open(name, {
    containerId: id.parent.value,
    args: argvOf(command),
    group: { id: name, name: id.value },
    env: (command.environment?.variables ?? []).map(({ name: variable, value = '' }) => [variable, value] as const),
    ...(container?.tty_info === undefined ? {} : { terminal: terminalOf(container.tty_info) }),
  });
  return typeof session === 'string' ? no('bad-request', session) : { ok: true, session };
}

/** A session runs as the container does; what would make it another is refused, not left out. */
function whyNotSupported(command: CommandInfo): string | undefined {
  if (command.value === undefined) return "Expecting 'launch_nested_container_session.command.value' to be present";
  if (command.user !== undefined) return "A session has the user of its container: leave out 'command.user'";
  if ((command.uris ?? []).length > 0) return "A session fetches nothing: leave out 'command.uris'";
  return undefined;
}

/** The running session that a call names. */
export function sessionOf(id: Parameters<typeof containerName>[0] | undefined, sessions: Sessions): FoundSession {
  const name = id === undefined ? '' : containerName(id);
  const session = sessions.get(name);
  if (session === undefined || session.isOver) return no('not-found', `Container ${name} cannot be found`);
  return { ok: true, session };
}

/** Input of a record after the first; undefined for one that says something else. */
export type InputRecord =
  | { readonly ok: true; readonly data?: Buffer; readonly window?: WindowSize }
  | { readonly ok: false; readonly message: string };

const windowOf = ({ window_size: window }: TTYInfo = {}): { readonly window?: WindowSize } =>
  window === undefined ? {} : { window: { rows: window.rows, columns: window.columns } };

const terminalOf = (info: TTYInfo): Terminal => windowOf(info);

/** Reads a record of ATTACH_CONTAINER_INPUT after the first. */
export function readInput(record: Buffer, mediaType: MediaType): InputRecord {
  const decoded = decodeBody(messageTypes.AgentCall, mediaType, record);
  if (!decoded.ok) return { ok: false, message: decoded.error };
  const io = decoded.value.attach_container_input?.process_io;
  if (decoded.value.type !== 'ATTACH_CONTAINER_INPUT' || io === undefined) {
    return { ok: false, message: "Expecting 'attach_container_input.process_io' to be present" };
  }
  // A heartbeat only keeps the connection.
  if (io.type === 'CONTROL')
    return { ok: true, ...windowOf(io.control?.type === 'TTY_INFO' ? io.control.tty_info : {}) };
  if (io.data?.type !== 'STDIN') return { ok: false, message: 'Expecting data of type STDIN' };
  return { ok: true, data: Buffer.from(io.data.data ?? '', 'base64') };
}
