import { type AgentCall, type ApiRefusal, decodeBody, type MediaType, messageTypes } from '@tranche/mesos-api';
import { commandVariables } from '../../containers/command-variables.js';
import type { WindowSize } from '../../containerizer/terminal/terminal.js';
import { terminalOf, windowOf } from '../../containerizer/terminal/tty-info.js';
import { containerName } from '../../containers/agent-container.js';
import { type SessionUris, sessionUris } from '../../sessions/fetch-session-uris.js';
import type { Session } from '../../sessions/session.js';
import { argvOf } from '../../tasks/command/command-task.js';
import { unsupportedOfCommand } from '../../tasks/unsupported-features.js';
import type { AttachScene } from './attach-calls.js';
import { type ContainerScene, containerNamed } from './container-answers.js';

export type OpenedSession =
  | { readonly ok: true; readonly session: Session; readonly files: SessionUris }
  | { readonly ok: false; readonly refusal: ApiRefusal };

const no = (message: string): OpenedSession => ({ ok: false, refusal: { kind: 'bad-request', message } });

/** The session of LAUNCH_NESTED_CONTAINER_SESSION, not begun yet. @source operator API §5 */
export function openSession(call: AgentCall, scene: AttachScene & Pick<ContainerScene, 'book'>): OpenedSession {
  const asked = call.launch_nested_container_session;
  if (asked?.container_id.parent === undefined) {
    return no("Expecting 'launch_nested_container_session.container_id.parent' to be present");
  }
  const { container_id: id, command = {}, container } = asked;
  if (command.value === undefined) {
    return no("Expecting 'launch_nested_container_session.command.value' to be present");
  }
  const unsupported = unsupportedOfCommand(command);
  if (unsupported.length > 0) return no(`This version of the agent does not support ${unsupported.join(', ')}`);
  const name = containerName(id);
  if (containerNamed(id, scene) !== undefined) return no(`Container ${name} already exists`);
  const parent = scene.parents.find(asked.container_id.parent);
  if (parent === undefined) return no(`Parent container ${containerName(asked.container_id.parent)} does not exist`);
  const files = sessionUris(command.uris ?? [], parent, command.user);
  const session = scene.sessions.open(name, {
    ...{ id, containerId: parent.containerId, args: argvOf(command), user: command.user },
    env: commandVariables(command),
    ...terminalOf(container),
    ...(files.uris.length === 0 ? {} : { outer: files.outer }),
  });
  return session === undefined ? no(`Container ${name} already exists`) : { ok: true, session, files };
}

/** Input of a record after the first; undefined for one that says something else. */
export type InputRecord =
  | { readonly ok: true; readonly data?: Buffer; readonly window?: WindowSize }
  | { readonly ok: false; readonly message: string };

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
