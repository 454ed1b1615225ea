/** What the module gives to its parts that has no class of its own. */
export const AGENT_COUNTERS = Symbol('agent counters');
export const CLOCK = Symbol('clock');
export const CLUSTER_INFO = Symbol('cluster info');
export const LOGGER = Symbol('logger');
export const QUEUE_DEPTHS = Symbol('queue depths');
export const SAVED = Symbol('saved');
export const OPERATOR_ORDERS = Symbol('operator orders');
export const OPERATOR_SCENE = Symbol('operator scene');
