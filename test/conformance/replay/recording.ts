import { readFileSync } from 'node:fs';
import type { SchedulerEvent } from '@tranche/mesos-api';

/** One request to a real Mesos master and what it answered. Ids are names: `{framework:0000}`, `{agent}`, `{offer:3}`, `{stream:0}`. */
export interface Exchange {
  readonly title: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Of answers that are no stream. */
    readonly body?: string;
    /** Of streams: what came on it, and whether the master ended it. */
    readonly events?: readonly SchedulerEvent[];
    readonly ended?: boolean;
  };
}

export const recording = (name: string): Exchange[] =>
  JSON.parse(readFileSync(new URL(`recordings/${name}.json`, import.meta.url), 'utf8')) as Exchange[];
