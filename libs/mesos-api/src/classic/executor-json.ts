import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { CommandInfo, ExecutorInfo } from '../generated/mesos.js';
import { arrayOf, objectOf, optionalString, stringArray } from './json-text.js';
import { resourcesJson } from './resources-json.js';
import { allocationRole, labelsJson } from './task-json.js';

/** An executor of a framework of `/state`: one that the framework described, not the one of a command task. */
export interface ClassicExecutor {
  readonly info: ExecutorInfo;
  readonly agentId: string;
}

/** An executor of `/state` and `/frameworks`. */
export function executorJson({ info, agentId }: ClassicExecutor): string {
  return objectOf([
    ['executor_id', jsonString(info.executor_id.value)],
    ['name', jsonString(info.name ?? '')],
    ['framework_id', jsonString(info.framework_id?.value ?? '')],
    ['command', commandJson(info.command ?? {})],
    ['resources', resourcesJson(info.resources ?? [])],
    ['role', optionalString(allocationRole(info.resources))],
    ['labels', labelsJson(info.labels)],
    ['type', optionalString(info.type)],
    ['slave_id', jsonString(agentId)],
  ]);
}

/** A command: `argv` for `arguments`, and of each URI only where it is and whether it is executable. */
export function commandJson(command: CommandInfo): string {
  const uris = (command.uris ?? []).map(({ value, executable }) =>
    objectOf([
      ['value', jsonString(value)],
      ['executable', String(executable ?? false)],
    ]),
  );
  return objectOf([
    ['shell', command.shell === undefined ? undefined : String(command.shell)],
    ['value', optionalString(command.value)],
    ['argv', stringArray(command.arguments ?? [])],
    ['environment', command.environment && encodeJson(messageTypes.Environment, command.environment)],
    ['uris', arrayOf(uris)],
  ]);
}
