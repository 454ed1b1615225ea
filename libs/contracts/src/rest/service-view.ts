/** A part of the cluster that can be asked about itself, of `GET /v1/services`. Served by the registry, which asks for it over the mesh. */
export interface ServiceView {
  /** `offers`: what works on all of it, or on its first partition; `offers.1`: on another one; `quota-1f6c…`: a replica as a process; `agent.ID`. */
  id: string;
  service: string;
  /** The process that it is in. */
  replica?: string;
  /** Name of its machine or pod. */
  host?: string;
  version?: string;
  /** Of the process. ISO 8601. */
  startedAt?: string;
  /** `standby`: it waits for its turn. */
  role?: 'active' | 'standby';
  /** Of a service that is cut into partitions: those that it works on. */
  partitions?: number[];
  /** Whether it has all it cannot work without. */
  ready: boolean;
  /** Each true, or what is wrong; `usable: …` where it goes on without. */
  dependencies: { [name: string]: true | string };
  /** Why it could not be asked. Then it counts as not ready. */
  missing?: string;
}

/** A line of the log of a service, of `GET /v1/services/ID/logs`. Oldest first. */
export interface LogLineView {
  /** Counts the lines of the process. */
  number: number;
  time: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  msg: string;
  traceId?: string;
  /** What the line names besides. */
  fields: { [name: string]: unknown };
}

/** A queue of the broker, of `GET /v1/queues`. */
export interface QueueView {
  /** Without the namespace of the mesh. `.queries` at its end: of questions. `dead-letters`: what nobody could handle. */
  name: string;
  /** That wait. What its consumer has in hand is not counted. */
  messages: number;
  /** 0: nobody takes from it. Of those that stand in line behind the active one the broker counts some kinds' only. */
  consumers: number;
}

/** One option of a service, of `GET /v1/settings`. Served by each. */
export interface SettingView {
  /** Of its environment variable. */
  name: string;
  /** Secrets are masked; null when nothing is set. */
  value: unknown;
  /** `program`: whoever started the service in its own process has set it. */
  origin: 'environment' | 'file' | 'default' | 'program';
  default: unknown;
  type: string;
  unit?: string;
  description: string;
}
