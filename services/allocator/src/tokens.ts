/** What the module gives to others that has no class of its own. */
export const ALLOCATION_ENGINE = Symbol('allocation engine');
