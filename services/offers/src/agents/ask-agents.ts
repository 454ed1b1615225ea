import type { OffersContext } from '../offers-context.js';

type Context = Pick<OffersContext, 'state' | 'agents'>;

/** Asks an agent for its truth, unless it is being asked already. @param reason for its log */
export function askToRegister(context: Context, agentId: string, reason: string): void {
  if (context.state.agents.told.ask(agentId)) sendQuestion(context, agentId, reason);
}

/** Asks it, whether it is being asked or not. */
export function sendQuestion({ state, agents }: Context, agentId: string, reason: string): void {
  const { told } = state.agents;
  void agents.reregister(agentId, reason).then((isSent) => {
    if (!isSent) told.unasked(agentId);
  });
}

export interface Question {
  /** The same question twice is answered once. */
  readonly key: string;
  /** For the agents' logs. */
  readonly reason: string;
  /** Of which agent; undefined: of any. */
  readonly agentId: string | undefined;
}

/**
 * Goes on when an agent has told all that it was sent before this life of the service: at once, unless the service has been taken over lately; else the agent
 * is asked first. One that is lost is not waited for.
 */
export function whenTold(context: Context, { key, reason, agentId }: Question, then: () => void): void {
  const { told } = context.state.agents;
  const untold = told.whoIsUntold(agentId);
  if (untold.length === 0) return then();
  told.wait(agentId, key, then);
  for (const one of untold) askToRegister(context, one, reason);
}

/** What has waited for an agent goes on: it has told, or will not. */
export function goOnWith({ state }: Pick<OffersContext, 'state'>, agentId: string): void {
  for (const then of state.agents.told.released(agentId)) then();
}

/** So many agents are asked together at the beginning of a life: registrations are the largest messages that there are. */
const ASKED_AT_ONCE = 50;

/**
 * Has every agent tell, some at a time, each once: one that the question does not reach has been away, and is asked when it registers. Of what an earlier life launched and had not written down, tasks that are quiet would be in no book, and
 * what they hold would be offered, until they end or somebody asks for them.
 */
export function askSome(context: Context): void {
  const next = context.state.agents.told.next(ASKED_AT_ONCE);
  for (const agentId of next) askToRegister(context, agentId, 'offers was taken over');
}
