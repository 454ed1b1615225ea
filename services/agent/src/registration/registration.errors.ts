/** The registry does not take the agent, now or later. */
export class AgentRefusedError extends Error {
  readonly code = 'agent/refused';
  constructor(readonly reason: string) {
    super(`the registry refused the agent: ${reason}`);
    this.name = 'AgentRefusedError';
  }
}

/** An option of the agent cannot be understood or does not fit this machine. */
export class AgentOptionError extends Error {
  readonly code = 'agent/bad-option';
  constructor(
    readonly option: string,
    readonly problem: string,
    options?: { cause?: unknown },
  ) {
    super(`${option}: ${problem}`, options);
    this.name = 'AgentOptionError';
  }
}
