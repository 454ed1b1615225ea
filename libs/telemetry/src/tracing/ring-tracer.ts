import { TraceRing } from './trace-ring.js';
import { Tracer } from './tracer.js';

/** A tracer that keeps what its service has done last. @param ringBytes 0: it records nothing */
export const ringTracer = (service: string, ringBytes: number): Tracer =>
  new Tracer(service, ringBytes === 0 ? [] : [new TraceRing(ringBytes, Date.now())]);
