import type { AgentExplanation, Blocker, BlockerCode, Explanation, FunnelStep, Help } from '@tranche/allocation';
import type { ExplainedAgentView, ExplanationView, FunnelStepView, HelpView } from '@tranche/contracts';
import { Quantities } from '@tranche/resources';
import { amountOf, amountsOf } from './amounts.js';
import { blockerText, type TextContext } from './blocker-text.js';
import { type ExplainSight, namesTheUnseen } from './explain-sight.js';
import { type CommandNames, helpCommands } from './help-command.js';
import { helpText } from './help-text.js';

/** What turns an engine's answer into the API's. */
export interface ViewContext extends TextContext {
  readonly hostnameOf: (agentId: string) => string;
  readonly names: CommandNames;
  /** Whom commands may name. */
  readonly sees: ExplainSight;
}

type Parts = Pick<ExplanationView, 'agents' | 'offered' | 'funnel' | 'helps' | 'largestFree' | 'totalFree'>;

/** Counts and texts of an explanation: everything but what it was about. */
export function explanationParts(explanation: Explanation, context: ViewContext): Parts {
  const { agents, funnel, offered, helps, largestFree, totalFree } = explanation;
  const sum = agents.reduce((all, { offer }) => (offer === undefined ? all : all.plus(offer)), Quantities.EMPTY);
  return {
    agents: agents.length,
    offered: { agents: offered, amounts: amountsOf(sum) },
    funnel: funnel.map((step) => stepView(step, context)),
    helps: helps.map((help) => helpView(help, explanation, context)),
    largestFree: largestFree.map(({ name, milli, agentId }) => ({
      name: Object.keys(amountsOf([[name, milli]]))[0] ?? name,
      amount: amountOf(name, milli),
      agentId,
      hostname: context.hostnameOf(agentId),
    })),
    totalFree: amountsOf(totalFree),
  };
}

function helpView(help: Help, { agents, role }: Explanation, context: ViewContext): HelpView {
  const { code, limits, met, weight, reason, ...effects } = help;
  const blockers = agents.flatMap((agent) =>
    agent.blockers.flatMap((blocker) => (isMeant(blocker, help) ? [{ agentId: agent.agentId, blocker }] : [])),
  );
  const [chargedTo = role] = role.split('/');
  const facts = { role, chargedTo, limits, met, weight, blockers, framework: context.framework };
  const isUnnamed = namesTheUnseen(
    blockers.map(({ blocker }) => blocker),
    help,
    context.sees,
  );
  const [command, ...others] = isUnnamed ? [] : helpCommands(code, { ...facts, ...context.names });
  return {
    code: codeOf(code, context),
    text: helpText(code, role, chargedTo, reason),
    ...(command === undefined ? {} : others.length === 0 ? { command } : { commands: [command, ...others] }),
    ...effects,
  };
}

const isMeant = (blocker: Blocker, { code, reason }: Help): boolean =>
  blocker.code === code && (blocker.code !== 'agent.inactive' || reason === undefined || blocker.reason === reason);

export function explainedAgent(
  { agentId, blockers, offer }: AgentExplanation,
  context: ViewContext,
): ExplainedAgentView {
  return {
    id: agentId,
    hostname: context.hostnameOf(agentId),
    blockers: blockers.map((blocker) => ({ code: codeOf(blocker.code, context), text: textOf([blocker], context) })),
    ...(offer === undefined ? {} : { offer: amountsOf(offer) }),
  };
}

function stepView({ code, agents, left }: FunnelStep, context: ViewContext): FunnelStepView {
  const behind = Map.groupBy(
    agents.flatMap(({ blockers }) => blockers.slice(1)),
    (blocker) => blocker.code,
  );
  const first = agents.flatMap(({ blockers }) => blockers.slice(0, 1));
  return {
    code: codeOf(code, context),
    agents: agents.length,
    left,
    text: textOf(first, context),
    also: Array.from(behind, ([other, blockers]) => ({
      code: codeOf(other, context),
      agents: blockers.length,
      text: textOf(blockers, context),
    })),
  };
}

function textOf(blockers: readonly Blocker[], context: ViewContext): string {
  const [first] = blockers;
  if (first?.code !== 'framework.inactive') return blockerText(blockers, context);
  return blockerText([{ code: codeOf(first.code, context) as 'framework.inactive' }], context);
}

/** The engine knows that a framework is not active; its record knows why. */
function codeOf(code: BlockerCode, { framework }: ViewContext): BlockerCode {
  const isAway = framework?.state === 'disconnected' || framework?.state === 'recovered';
  return code === 'framework.inactive' && isAway ? 'framework.disconnected' : code;
}
