import { Type } from 'typebox';
import { query, type ResponseOf } from '../contract.js';
import { AgentRecord } from '../records/agent-record.js';
import { FactNumbers } from '../records/fact-numbers.js';

/** All agents that the registry knows, for a consumer that starts or has missed a fact. */
export const RegistrySnapshotV1 = query({
  name: 'registry-snapshot',
  version: 1,
  owner: 'registry',
  request: Type.Object({}),
  response: Type.Object({ asOf: FactNumbers, agents: Type.Array(AgentRecord) }),
});
export type RegistrySnapshot = ResponseOf<typeof RegistrySnapshotV1>;
