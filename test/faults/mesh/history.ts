import type { TaskState } from '@tranche/mesos-api';
import type { Amounts } from './amounts.js';

// What is known of a run, as plain values: the checker decides by these alone.

/** What the scheduler asked for, in its order. Times are epoch milliseconds. */
export type LogEntry =
  | (Call & { readonly kind: 'launch'; readonly taskId: string; readonly agentId: string; readonly has: TaskShare })
  | (Call & { readonly kind: 'kill'; readonly taskId: string })
  | (Call & { readonly kind: 'acknowledge'; readonly taskId: string; readonly state: TaskState; readonly uuid: string })
  | {
      readonly kind: 'update';
      readonly atMs: number;
      readonly taskId: string;
      readonly state: TaskState;
      /** Absent: it needs no acknowledgement; the control plane made it. */
      readonly uuid?: string;
      readonly reason?: string;
      readonly message?: string;
    }
  | { readonly kind: 'subscribed' | 'disconnected' | 'offers'; readonly atMs: number; readonly detail?: string };

/** What a task was given of its agent: the amounts, and which ports. */
export interface TaskShare extends Amounts {
  readonly portNumbers: readonly number[];
}

interface Call {
  readonly atMs: number;
  /** `accepted`: 202. `refused`: an answer that says no. `unsaid`: never sent. `lost`: it may have been carried out. */
  readonly outcome: 'accepted' | 'refused' | 'unsaid' | 'lost';
  readonly answeredAtMs: number;
}

/** What a task itself wrote. */
export interface TaskEvidence {
  readonly taskId: string;
  /** Each begin, with the sandbox that it was in. */
  readonly starts: readonly { readonly atMs: number; readonly sandbox: string }[];
  /** `end`: its command ran to its end; `term`: it was told to end. */
  readonly ends: readonly { readonly atMs: number; readonly how: 'end' | 'term' }[];
}

/** How long it took until all books agreed, with tasks coming and going; or what differed to the last. */
export type Audit = { readonly tookMs: number } | { readonly differ: string };

/** The cluster when all is over. */
export interface FinalState {
  /** By task id, what `/v1/tasks` says; absent when it knows nothing of it. */
  readonly tasks: ReadonlyMap<string, string>;
  /** Until everything was free again, after the last fault was undone and the last task had ended; undefined: not in the time allowed. */
  readonly settledAfterMs: number | undefined;
  /** What was still held then, for people. */
  readonly held: readonly string[];
}

export interface History {
  readonly log: readonly LogEntry[];
  readonly evidence: ReadonlyMap<string, TaskEvidence>;
  /** What each agent has, by id. */
  readonly agentTotals: ReadonlyMap<string, Amounts>;
  /** Each time that faults were held back until everybody's books agreed. */
  readonly audits: readonly Audit[];
  /** What each task's command exits with when it is left alone. */
  readonly exitCodes: ReadonlyMap<string, number>;
  readonly final: FinalState;
  /** Processes that ended by themselves, for people. */
  readonly crashes: readonly string[];
}
