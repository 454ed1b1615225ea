import { int64ToBigInt, type MasterCall, type MasterCallType, toMs } from '@tranche/mesos-api';
import type { LogVerbosity } from '@tranche/telemetry';
import { NOT_ITS_OWN } from '../logs/logs.controller.js';
import type { OwnLog } from '../logs/own-log.js';
import { type CallAnswer, DONE, refuse, respond } from './call-answer.js';

export interface LogScene {
  readonly log: OwnLog;
  readonly verbosity: LogVerbosity;
}

type Answer = (call: MasterCall, scene: LogScene) => Promise<CallAnswer> | CallAnswer;

const NOT_FOUND = refuse({ kind: 'not-found', message: '' });

/** Calls about the log of this process. @source operator API §2 */
export const LOG_CALLS: Readonly<Partial<Record<MasterCallType, Answer>>> = {
  GET_LOGGING_LEVEL: (_call, { verbosity }) =>
    respond({ type: 'GET_LOGGING_LEVEL', get_logging_level: { level: verbosity.level } }),
  SET_LOGGING_LEVEL: ({ set_logging_level: set }, { verbosity }) => {
    const { level = 0, duration } = set ?? {};
    const isSet = verbosity.set(level, duration === undefined ? 0 : toMs(duration));
    return isSet ? DONE : refuse({ kind: 'failed', message: NOT_ITS_OWN });
  },
  // A file has no entries.
  LIST_FILES: ({ list_files: list }, { log }) =>
    log.isAt(list?.path ?? '') ? respond({ type: 'LIST_FILES', list_files: {} }) : NOT_FOUND,
  READ_FILE: async ({ read_file: read }, { log }) => {
    if (read === undefined || !log.isAt(read.path)) return NOT_FOUND;
    const offset = Number(int64ToBigInt(read.offset));
    const length = read.length === undefined ? {} : { length: Number(int64ToBigInt(read.length)) };
    const part = await log.bytes({ offset, ...length });
    if (part === undefined) return NOT_FOUND;
    return respond({ type: 'READ_FILE', read_file: { size: part.sizeBytes, data: part.bytes.toString('base64') } });
  },
};
