/**
 * Asks a port or a page from within a container's network, in which `nsenter` has started it. Its argument is the target, what it prints is
 * the result, both JSON. Its starter ends it when there is no time left.
 */
import { type NetworkTarget, probeNetwork } from './network-probe.js';

const target = JSON.parse(process.argv[2] ?? '') as NetworkTarget;
process.stdout.write(JSON.stringify(await probeNetwork(target, new AbortController().signal)));
