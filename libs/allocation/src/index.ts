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
  Unavailability,
} from './engine.js';
export { createEngine } from './hierarchical-engine.js';
export { OfferConstraintError } from './frameworks/offer-constraints.js';
export { SORTER_NAMES, type SorterName } from './sorter/sorters.js';
export { ScenarioError } from './simulator/scenario/scenario.errors.js';
export { simulateToText } from './simulator/simulate-to-text.js';
