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
  ShareEntry,
  Unavailability,
} from './engine.js';
export { createEngine } from './hierarchical-engine.js';
export { OfferConstraintError } from './frameworks/offer-constraints.js';
export { SORTER_NAMES, type SorterName } from './sorter/sorters.js';
