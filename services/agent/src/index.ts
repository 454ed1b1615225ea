export { type AgentConfig, agentOptions, readAgentConfig } from './agent.config.js';
export type { AgentSeams } from './agent-seams.js';
export { CheckpointFailedError, CorruptJournalError, NewerFormatError } from './checkpoint/checkpoint.errors.js';
export { WorkDirInUseError } from './checkpoint/work-dir-lock.js';
export type { AgentEnd } from './end-agent.js';
export { AgentOptionError, AgentRefusedError } from './registration/registration.errors.js';
export { type AgentOptions, type RunningAgent, startAgent } from './start-agent.js';
