/**
 * What an agent has counted since its start, for metrics: whoever does one of these things counts it.
 *
 * @source agent endpoints: metrics that dashboards use
 */
export class AgentCounts {
  /** Statuses that were taken over, of executors and of the agent's own. */
  validStatusUpdates = 0;
  /** Those of executors that were ignored. */
  invalidStatusUpdates = 0;
  /** Messages between executors and frameworks that were passed on. */
  validFrameworkMessages = 0;
  /** Those for which there was nobody to take them. */
  invalidFrameworkMessages = 0;
  /** Containers that could not be brought up. */
  launchErrors = 0;
  /** Executors that have ended, those among them that the agent plays for command tasks. */
  executorsEnded = 0;
  /** From the agent's start until everything was found again; absent before. */
  recoveryMs: number | undefined;
}
