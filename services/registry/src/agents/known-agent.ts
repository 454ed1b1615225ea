import type { AgentRecord } from '@tranche/contracts';
import { isPresent } from './agent-state.js';

/** One agent in the registry's memory: its stored record and what only this life of the registry knows of it. */
export interface KnownAgent {
  readonly record: AgentRecord;
  /** Read from the database at start and not registered again since. Its tasks are kept, it gets no offers. */
  readonly isRecovered: boolean;
  /** A heartbeat has come since it last registered: it has its id. */
  readonly hasHeartbeat: boolean;
}

/** What a recovered agent's state reason says, to people and in snapshots. */
export const RECOVERED_REASON = 'has not registered again since the registry started';

/**
 * The agent as the other services shall treat it.
 *
 * A recovered agent is stated as deactivated: its tasks are still its own, but nothing may be offered of it before it has told again
 * what it has and what runs on it.
 */
export function statedRecord(known: KnownAgent): AgentRecord {
  if (!known.isRecovered || known.record.state === 'deactivated') return known.record;
  if (!isPresent(known.record.state)) return known.record;
  return { ...known.record, state: 'deactivated', stateReason: RECOVERED_REASON };
}

/** Whether the agent is admitted and has registered in this life of the registry. */
export const isRegistered = (known: KnownAgent): boolean => isPresent(known.record.state) && !known.isRecovered;
