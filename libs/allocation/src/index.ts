export type {
  AgentAttribute,
  AgentSpec,
  AllocationEngine,
  AllocatorMetrics,
  Conversion,
  CycleKind,
  CycleResult,
  Domain,
  EngineOptions,
  EngineView,
  FrameworkSpec,
  Holding,
  InverseOffer,
  OfferConstraint,
  OfferConstraintGroups,
  Quota,
  Recovery,
  RoleFigures,
  ShareEntry,
  Unavailability,
} from './engine.js';
export {
  type AgentExplanation,
  type Blocker,
  BLOCKER_CODES,
  type BlockerCode,
  type Explanation,
  type ExplainRequest,
  type FunnelStep,
  type Help,
  type Holder,
  type OutstandingOffer,
  type Shape,
  type UnmetConstraint,
} from './explain/explanation.js';
export type { RoleAccount } from './explain/role-account.js';
export { createEngine } from './hierarchical-engine.js';
export { OfferConstraintError } from './frameworks/offer-constraints.js';
export { SORTER_NAMES, type SorterName } from './sorter/sorters.js';
export type { Offer } from './simulator/offer-book.js';
export { MAX_SCENARIO_CHARACTERS, parseScenario, type Scenario } from './simulator/parse/parse-scenario.js';
export { resultJson, summaryJson } from './simulator/result-json.js';
export {
  type ActionResult,
  type ExpectResult,
  type RunSummary,
  ScenarioRun,
  type StepResult,
} from './simulator/run-scenario.js';
export { ScenarioError } from './simulator/scenario.errors.js';
export { type HolderRow, type Overview, overviewOf, type QuotaRow, type ResourceRow } from './simulator/overview.js';
