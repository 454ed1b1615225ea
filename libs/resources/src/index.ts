export {
  type AgentChangeJson,
  carryingChanges,
  type ChangedAgentJson,
  changeOf,
  registrationOf,
  withChange,
  withConversion,
  withTotal,
} from './agent-changes.js';
export type { AttributeJson } from './attributes.js';
export { parseAttributes } from './attributes.js';
export { baseUnitOf, inBaseUnits } from './base-units.js';
export type { CutOrder } from './cut.js';
export type { Conversion, ConversionResult } from './conversions.js';
export {
  applyConversion,
  createVolumesConversion,
  destroyVolumesConversion,
  growVolumeConversion,
  reserveConversion,
  shrinkVolumeConversion,
  unreserveConversion,
  withoutVolumes,
} from './conversions.js';
export { answerLine, resourcesEval } from './eval/resources-eval.js';
export { excess } from './excess.js';
export { identityKey } from './identity.js';
export type {
  DiskInfoJson,
  DiskSourceJson,
  LabelsJson,
  RangeJson,
  ReservationJson,
  ResourceJson,
} from './json/resource-json.js';
export { resourceError, validateResources } from './json/validate-resources.js';
export { asResourceJson } from './json/check-shape.js';
export type { ResourceFormat } from './json/write-resource.js';
export { kindConflict } from './kinds.js';
export { readAgentResources, readResources } from './operand.js';
export type { OperationJson } from './operation.js';
export { conversionOf } from './operation.js';
export { Limits } from './quantities/limits.js';
export { Quantities } from './quantities/quantities.js';
export { equalByName, nameableForm, nameableKey, resolveReference } from './reference.js';
export { isAllocatableTo, popReservation, pushReservation, withReservations } from './reservations/reservation.js';
export type {
  DiskInfo,
  DiskSource,
  DiskSourceType,
  Label,
  Reservation,
  ReservationType,
  Resource,
  VolumeMount,
} from './resource.js';
export {
  hasRefinedReservation,
  isDynamicallyReserved,
  isIndivisible,
  isPersistentVolume,
  isReserved,
  reservationRole,
} from './resource.js';
export type { ResourceErrorCode } from './resource.errors.js';
export { ResourceError } from './resource.errors.js';
export { Resources } from './resources.js';
export { reservationId, volumeId } from './reservations/reservation-id.js';
export { isStrictSubrole, roleAncestors, roleError } from './reservations/role.js';
export { summarizeResources } from './text/summary.js';
export { resourceLabel } from './text/canonical-text.js';
export { exactAmount } from './text/exact-amount.js';
export type { ParseOptions } from './text/parse-resources.js';
export { printResource } from './text/printed-text.js';
export { compareBytes } from './values/byte-order.js';
export type { Milli } from './values/milli.js';
export { formatMilli, fromMilli, MAX_MILLI, toMilli } from './values/milli.js';
export type { Range, Ranges } from './values/ranges.js';
export {
  containsRanges,
  countIntegers,
  formatRanges,
  normalizeRanges,
  subtractRanges,
  takeLowest,
  unionRanges,
} from './values/ranges.js';
export type { ResourceValue, ValueKind } from './values/resource-value.js';
export {
  addValues,
  containsValue,
  equalValues,
  formatValue,
  subtractValues,
  valueQuantity,
} from './values/resource-value.js';
