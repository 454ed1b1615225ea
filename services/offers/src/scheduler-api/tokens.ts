export const STREAM_LIMIT = Symbol('bytes that may wait for a scheduler');
export const CALL_METRICS = Symbol('CallMetrics');
