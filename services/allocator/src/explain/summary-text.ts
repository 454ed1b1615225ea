import type { BlockerCode } from '@tranche/allocation';
import type { FunnelStepView } from '@tranche/contracts';
import { spanText } from './amounts.js';

export interface SummaryFacts {
  /** `spark, role analytics` or `cpus 64`. */
  readonly subject: string;
  readonly role: string;
  readonly offered: number;
  readonly agents: number;
  /** Undefined when there has been none, or nobody can know. */
  readonly sinceLastOfferMs: number | undefined;
  readonly isShape: boolean;
}

/** The answer in one or two sentences: the state, and what stops most agents. */
export function summaryText(facts: SummaryFacts, funnel: readonly FunnelStepView[]): string[] {
  const first = firstSentence(facts);
  if (facts.offered > 0 || facts.agents === 0) return [first];
  const most = funnel.reduce((a, b) => (b.agents > a.agents ? b : a), funnel[0] as FunnelStepView);
  return [first, reason(most, facts)];
}

function firstSentence({ subject, offered, agents, sinceLastOfferMs, isShape }: SummaryFacts): string {
  if (agents === 0) return `${subject}: no agent has registered.`;
  if (offered > 0) return `${subject}: ${agentsText(offered)} of ${agents} would be offered now.`;
  if (isShape) return `${subject}: no agent would be offered.`;
  return sinceLastOfferMs === undefined
    ? `${subject}: no offer so far.`
    : `${subject}: no offer for ${spanText(sinceLastOfferMs)}.`;
}

function reason({ code, agents, text }: FunnelStepView, { role }: SummaryFacts): string {
  const phrase = REASONS[code as BlockerCode](role);
  return `${phrase} (${text}), so ${agents === 1 ? 'an agent was' : `${agents} agents were`} passed over.`;
}

export const agentsText = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'agent' : 'agents'}`;

const REASONS: Readonly<Record<BlockerCode, (role: string) => string>> = {
  'framework.disconnected': () => 'The framework is disconnected',
  'framework.inactive': () => 'The framework is not active',
  'framework.removed': () => 'The framework was removed',
  'role.not_subscribed': (role) => `The framework is not in role ${role}`,
  'role.suppressed': (role) => `The framework has suppressed role ${role}`,
  'agent.inactive': () => 'Agents take no part',
  'agent.excluded': () => "The framework's offer constraints exclude agents",
  'agent.reserved': () => 'What is free is reserved for others',
  'agent.in_use': () => 'Not enough is free',
  'agent.offered': () => 'What is free is held in offers',
  'agent.below_minimum': () => 'What is free is too little to offer',
  'capability.gpu': () => 'The framework may not have agents with GPUs',
  'capability.region': () => 'The framework may not have agents of other regions',
  'capability.multi_role': () => 'The agents do not know several roles',
  'capability.hierarchical_role': () => 'The agents do not know nested roles',
  'capability.stripped': () => 'The framework cannot handle what is free',
  'quota.limit': (role) => `The quota limit of role ${role} is reached`,
  'quota.headroom': () => 'What is free is kept back for guarantees of other roles',
  'filter.declined': () => 'The framework has declined what is free',
  'order.share': () => 'Others are before it',
  'shape.too_big': () => 'No agent is large enough',
  'shape.attribute': () => 'No agent has these attributes',
  'shape.ports': () => 'These ports are not free',
};
