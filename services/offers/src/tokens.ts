/** Names under which the composition root hands plain objects to Nest's classes. */
export const OFFERS_CONTEXT = Symbol('OffersContext');
export const LOGGER = Symbol('Logger');
export const CHANGE_COUNT = Symbol('CountedChanges');
export const HISTORY = Symbol('History');
/** What Mesos' metrics are made of. */
export const MESOS_COUNTS = Symbol('MesosCounts');
/** The context, with the other partitions. */
export const OPERATE_CONTEXT = Symbol('OperateContext');
