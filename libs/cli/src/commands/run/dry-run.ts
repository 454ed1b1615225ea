import type { AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { NothingFitsError } from '../../cli.errors.js';
import { isTable } from '../../output/list-view.js';
import { type Candidate, candidateOfAgent, placeOn } from './candidates.js';
import type { Attributes } from './constraints.js';
import { type RunPlan, instanceName } from './run-plan.js';
import { explainCommand, waitingReason } from './waiting-reason.js';

/** The agents that take part in allocation, with what they have left. */
export async function freeAgents({ api }: Pick<CliContext, 'api'>): Promise<Candidate[]> {
  const { items } = await api.list<AgentView>('/v1/agents');
  return items.filter(({ state }) => state === 'active').map(candidateOfAgent);
}

/**
 * Prints where each instance would go now, by what agents have left; nothing is registered or launched.
 *
 * @throws NothingFitsError when one has no place
 */
export async function dryRun(context: CliContext, plan: RunPlan): Promise<void> {
  const candidates = await freeAgents(context);
  const places = new Map<number, string>();
  const taken: Attributes[] = [];
  let waiting = Array.from({ length: plan.instances }, (_, index) => index);
  for (const candidate of candidates) {
    const spots = placeOn(candidate, waiting, plan, taken);
    for (const { index } of spots) {
      places.set(index, candidate.hostname);
      taken.push(candidate.attributes);
    }
    waiting = waiting.filter((index) => !places.has(index));
  }
  for (const [index, hostname] of places) {
    const name = instanceName(plan, index);
    const line = isTable(context)
      ? `${name} would run on ${hostname}`
      : JSON.stringify({ task: name, agent: hostname });
    context.io.stdout.write(`${line}\n`);
  }
  if (waiting.length === 0) return;
  const names = waiting.map((index) => instanceName(plan, index)).join(', ');
  const reason = waitingReason(candidates, plan, taken) ?? 'the agents with room are taken by the other instances';
  throw new NothingFitsError(`no place for ${names}: ${reason}`, [`try: ${explainCommand(plan)}`]);
}
