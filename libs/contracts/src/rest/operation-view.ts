/** One status of an operation, as `/v1/operations` shows it. */
export interface OperationStatusView {
  state: string;
  message?: string;
}

/** `GET /v1/operations/ID`, items of `GET /v1/operations`. Served by `offers`. Times ISO 8601 UTC. */
export interface OperationView {
  /** Its UUID, as text. */
  id: string;
  /** The framework's own id of it, if it gave one. */
  operationId?: string;
  type: string;
  state: string;
  message?: string;
  /** Absent for an operator's. */
  frameworkId?: string;
  frameworkName?: string;
  agentId: string;
  agentHostname: string;
  role?: string;
  /** What it takes, and what it makes of it, in canonical text: `disk:40`, `disk(web)[data]:40`. */
  consumed: string;
  converted: string;
  acceptedAt: string;
  endedAt?: string;
  statuses: OperationStatusView[];
  traceId: string;
}
