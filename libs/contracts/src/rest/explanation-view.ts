/**
 * Amounts by name, units in the names: `cpus`, `gpus`, `memBytes`, `diskBytes`, `ports` (their number), and other resources by
 * their own name. What is zero is left out.
 */
export type AmountsByName = Record<string, number>;

/** An obstacle on an agent: a stable code, and its values as a text for people. */
export interface BlockerView {
  code: string;
  text: string;
}

/** One agent: what of it would be offered now, or everything in the way. */
export interface ExplainedAgentView {
  id: string;
  hostname: string;
  blockers: BlockerView[];
  offer?: AmountsByName;
}

/** Agents whose first obstacle this is; each is counted once, in the order of the codes. */
export interface FunnelStepView {
  code: string;
  agents: number;
  /** How many are left after it. */
  left: number;
  text: string;
  /** Obstacles behind the first, and on how many of these agents. */
  also: { code: string; agents: number; text: string }[];
}

/** What would change if an obstacle, and nothing else, were gone: found by asking again without it. */
export interface HelpView {
  code: string;
  /** What to do, for people. */
  text: string;
  /** The command that does it; absent where none does, or it takes several. */
  command?: string;
  /** The commands that do it together, where it takes several. */
  commands?: string[];
  /** Agents of which something would be offered at once. */
  agents: number;
  /** More of them when refusals have ended as well. */
  later?: { agents: number; inMs: number };
  /** More of them when the helps before this one are done, too. */
  withAllBefore?: number;
}

/** A funnel as it was for a while: of a framework that waited for offers. */
export interface FunnelSampleView {
  /** ISO 8601 UTC: when it was first and last seen like this. It is looked at every ten seconds. */
  from: string;
  until: string;
  agents: number;
  /** On how many agents something would have been offered. */
  offered: number;
  /** Text is that of the first look. */
  funnel: { code: string; agents: number; text: string }[];
}

/** `GET /v1/explain/frameworks/ID?role=` and `GET /v1/explain?cpus=…`. Served by `allocator`. Times ISO 8601 UTC. */
export interface ExplanationView {
  /** Absent when a shape was asked about. */
  frameworkId?: string;
  frameworkName?: string;
  role: string;
  shape?: { amounts: AmountsByName; ports?: string; attributes?: Record<string, string> };
  /** The answer in one or two sentences. */
  summary: string[];
  agents: number;
  /** On how many agents something would be offered now, and what in all. */
  offered: { agents: number; amounts: AmountsByName };
  funnel: FunnelStepView[];
  helps: HelpView[];
  /** The most that is free for the role on a single agent, and on which one. */
  largestFree: { name: string; amount: number; agentId: string; hostname: string }[];
  totalFree: AmountsByName;
  lastOfferAt?: string;
  /** State of the allocator that the answer is about. */
  asOf: { run: number; at: string; nextRunInMs: number };
  /** How the funnel has moved while the framework waited, oldest first: with `?sinceMs=`, of the last hour at most. */
  history?: FunnelSampleView[];
  /** Every agent with all of its obstacles: with `?agents=true`. */
  items?: ExplainedAgentView[];
}

/** `GET /v1/explain/roles/ROLE`. Served by `allocator`. */
export interface RoleExplanationView {
  role: string;
  /** Top-level role whose quota it is charged to. */
  chargedTo: string;
  weight: number;
  /** Dominant share, weight included; absent while nobody is in the role. */
  share?: number;
  guarantee: AmountsByName;
  /** A present zero means none at all; an absent name is unlimited. */
  limit: AmountsByName;
  /** What counts as use: reservations of the role, used or not, and what it holds unreserved; of the latter what is only offered. */
  used: AmountsByName;
  counted: { reserved: AmountsByName; held: AmountsByName; offered: AmountsByName };
  /** What is free and unreserved in the cluster, what of it the role's guarantee still lacks, what is kept back for others. */
  headroom: {
    available: AmountsByName;
    lacking: AmountsByName;
    keptForOthers: { role: string; amounts: AmountsByName }[];
  };
  /** Roles that are served before it. */
  ahead: { role: string; share: number }[];
  /** In the order in which they are served. */
  frameworks: {
    id: string;
    name: string;
    share: number;
    state: 'active' | 'suppressed' | 'inactive';
    held: AmountsByName;
  }[];
}

/** `GET /v1/explain/agents/ID`. Served by `allocator`. Times ISO 8601 UTC. */
export interface AgentExplanationView {
  id: string;
  hostname: string;
  state: string;
  stateReason?: string;
  stateSince: string;
  total: AmountsByName;
  free: AmountsByName;
  /** Of what is free: reserved, by role. */
  reservedFree: { role: string; amounts: AmountsByName }[];
  inUse: { frameworkId: string; frameworkName: string; role: string; amounts: AmountsByName }[];
  offered: {
    offerId: string;
    frameworkId: string;
    frameworkName: string;
    role: string;
    madeAt: string;
    amounts: AmountsByName;
  }[];
  /** Why what is free is idle: for each framework and role that might take it, what is in the way; nothing: it is offered next. */
  takers: {
    frameworkId: string;
    frameworkName: string;
    role: string;
    blockers: BlockerView[];
    offer?: AmountsByName;
  }[];
}
