import type { HostFacts } from './host-facts.js';

/** Programs that can be a container's PID 1; the statically linked one first: it starts in half the time. */
const INITS = ['tini-static', 'tini', 'catatonit'];

/** Path of an init on this host; undefined when none is installed and commands have to be PID 1 themselves. */
export function findInit({ find }: HostFacts): string | undefined {
  return INITS.map(find).find((path) => path !== undefined);
}
