/** What the agent is to others. The port is known once the HTTP server listens, which is before anything is launched. */
export interface AgentSelf {
  readonly hostname: string;
  readonly ip: string;
  port: number;
  /** How its HTTP API is spoken to; absent: http. */
  readonly scheme?: 'https';
  readonly version: string;
  /** When this process began, milliseconds since the epoch. */
  readonly startedAtMs: number;
}
