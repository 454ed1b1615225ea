import type { AgentOrderView, AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import type { AllMatchingFlag } from '../../targets/choose-targets.js';
import { changeEach } from '../../targets/change-targets.js';
import type { EachResult } from '../../targets/each-target.js';

export interface AgentOrder {
  readonly verb: 'drain' | 'deactivate' | 'activate' | 'gone';
  readonly body?: object;
  /** What is asked before. @param effect `12 tasks of 3 frameworks`; of several agents the tasks only, since they share frameworks */
  readonly question: (what: string, effect: string) => string;
  /** Tasks are lost by it. */
  readonly isLossy?: boolean;
  /** What is printed after: `draining n4`. */
  readonly done: (agent: AgentView) => string;
  /** The same of a dry run: `would drain n4`. */
  readonly trial: (agent: AgentView) => string;
}

/** Asks, orders, prints. @returns those that were ordered, and the exit code */
export function orderAgents(
  context: CliContext,
  agents: readonly AgentView[],
  { verb, body = {}, question, isLossy = false, done, trial }: AgentOrder,
  { allMatching = false }: AllMatchingFlag,
): Promise<EachResult<AgentView>> {
  return changeEach<AgentView, AgentOrderView>(
    context,
    agents,
    {
      kind: 'agent',
      nameOf: ({ hostname }) => hostname,
      send: ({ id }, isTrial) => {
        const path = `/v1/agents/${encodeURIComponent(id)}:${verb}`;
        return context.api.change<AgentOrderView>('POST', path, isTrial ? { dryRun: 'true' } : {}, body);
      },
      question: (what, trials) => question(what, effectText(trials.map(({ view }) => view))),
      isLossy,
      text: (agent, view, isTrial) => (isTrial ? `${trial(agent)}: ${effectText([view])}` : done(agent)),
      idOf: ({ id }) => id,
    },
    allMatching,
  );
}

/** `12 tasks of 3 frameworks`; of several agents `12 tasks`. */
function effectText(views: readonly AgentOrderView[]): string {
  const tasks = views.reduce((sum, { effects }) => sum + effects.tasks, 0);
  const text = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
  const [only, another] = views;
  if (only === undefined || another !== undefined) return text;
  const { frameworks } = only.effects;
  return `${text} of ${frameworks} ${frameworks === 1 ? 'framework' : 'frameworks'}`;
}
