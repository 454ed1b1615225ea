import type { ResourceAmounts } from './resource-amounts.js';

/** Items of `GET /v1/reservations`: what of one agent is reserved in one way. Served by `quota`. */
export interface ReservationView {
  /** Of the agent and the way in which it is reserved: it stays as the amounts change. */
  id: string;
  agentId: string;
  agentHostname: string;
  role: string;
  /** `static`: by the agent's own settings; only `dynamic` ones can be taken back. */
  kind: 'static' | 'dynamic';
  /** Of a refined reservation: the roles that it was reserved to before, the first one first. */
  refines: string[];
  principal?: string;
  labels: Record<string, string>;
  /** Volumes included. */
  resources: ResourceAmounts;
  /** All of it in canonical text. */
  text: string;
  /** Ids of the volumes in it, as `GET /v1/volumes` shows them. */
  volumes: string[];
}

/** Items of `GET /v1/volumes`: a persistent volume. Served by `quota`. */
export interface VolumeView {
  id: string;
  /** Unique for its role on its agent. */
  persistenceId: string;
  agentId: string;
  agentHostname: string;
  role: string;
  diskBytes: number;
  containerPath: string;
  isShared: boolean;
  principal?: string;
  /** The reservation that it is part of. */
  reservationId: string;
}

/** The answer to a change of reservations or volumes. */
export interface AgentOperationView {
  agentId: string;
  /** As `GET /v1/operations/ID` shows it; absent with `dryRun`. */
  operationId?: string;
  /** What is taken and what is made of it, in canonical text. */
  consumed: string;
  converted: string;
}
