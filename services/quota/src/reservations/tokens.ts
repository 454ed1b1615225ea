/** Who does operations on agents. */
export const AGENT_OPERATIONS = Symbol('AgentOperations');
