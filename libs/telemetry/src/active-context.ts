import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { newTrace, type TraceContext } from './trace-context.js';

/** What log lines of the current message or request carry, besides their own fields. */
export interface ActiveContext {
  readonly trace: TraceContext;
}

const storage = new AsyncLocalStorage<ActiveContext>();

/** Runs a handler with its trace: log lines and messages made inside belong to it. */
export const runInTrace = <T>(trace: TraceContext, run: () => T): T => storage.run({ trace }, run);

/** The trace of the message or request being handled; undefined outside of one. */
export const activeTrace = (): TraceContext | undefined => storage.getStore()?.trace;

/** A new trace with ids from the system's random source. */
export const beginTrace = (): TraceContext => newTrace((digits) => randomBytes(digits / 2).toString('hex'));
