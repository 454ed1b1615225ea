import type { Readable } from 'node:stream';

/** Where an agent's own HTTP API is. */
export interface AgentAddress {
  readonly agentId: string;
  readonly ip: string;
  readonly port: number;
  /** It is spoken to by HTTPS, and its certificate may have the name of its machine. Absent: by HTTP. */
  readonly tls?: { readonly hostname: string };
}

/** An agent's answer whose body has not been read yet. */
export interface AgentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Destroying it ends the request at the agent. */
  readonly body: Readable;
}

/** Asks agents over HTTP. */
export interface AgentHttp {
  /**
   * @param target path and query, as the agent serves it
   * @param signal ends the request, also while its answer is being read
   * @throws AgentAwayError when the agent does not answer
   */
  get(agent: AgentAddress, target: string, signal: AbortSignal): Promise<AgentAnswer>;

  /**
   * Sends a body as it comes. The answer may come while it is still being sent, or hours later: it is waited for until `signal` ends it.
   *
   * @throws AgentAwayError when the connection cannot be made, or breaks
   */
  post(agent: AgentAddress, target: string, sent: SentBody, signal: AbortSignal): Promise<AgentAnswer>;

  /** The same agents, asked with what somebody else has shown: undefined for nothing. */
  as(authorization: string | undefined): AgentHttp;
}

/** A body on its way to an agent. */
export interface SentBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
}

/** The agent's HTTP API could not be reached, or did not begin to answer in time. */
export class AgentAwayError extends Error {
  readonly code = 'relay/agent-away';

  constructor(
    readonly agent: AgentAddress,
    readonly finding: string,
    options?: { cause?: unknown },
  ) {
    super(`agent ${agent.agentId} at ${agent.ip}:${agent.port} does not answer: ${finding}`, options);
    this.name = 'AgentAwayError';
  }
}
