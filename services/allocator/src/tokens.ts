/** What the module gives to others that has no class of its own. */
export const ALLOCATION_ENGINE = Symbol('allocation engine');
/** Into how many partitions the work of each service is cut. */
export const PARTITIONS = Symbol('partitions');
