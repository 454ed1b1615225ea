import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@tranche/telemetry';
import type { AgentConfig } from './agent.config.js';
import type { Containerizer } from './containerizer/containerizer.js';
import { createContainerizer } from './containerizer/containerizers.js';
import { chooseRuntimeParent } from './containerizer/runtime-folder.js';
import type { AgentPaths } from './paths.js';

/**
 * Opens what runs containers, with places of its own for this work directory: several agents on one machine must not find each other's.
 *
 * @throws NoContainerizerError, IsolationError
 */
export function openContainerizer(config: AgentConfig, paths: AgentPaths, clock: Clock): Promise<Containerizer> {
  const name = `agent-${createHash('sha256').update(paths.workDir).digest('hex').slice(0, 12)}`;
  const isolation = config.isolation.split(',').filter((isolator) => isolator !== '');
  return createContainerizer({
    runtimeDir: config.runtimeDir ?? runtimeFolder(name) ?? paths.runtime,
    cgroupsRoot: `${config.cgroupsRoot}/${name}`,
    containerizer: config.containerizer,
    runtime: config.runtime,
    ...(isolation.length === 0 ? {} : { isolation }),
    now: () => clock.nowMs(),
  });
}

/** In memory where there is a tmpfs that we may use: faster, and gone after a reboot, as the containers are. */
function runtimeFolder(name: string): string | undefined {
  const parent = chooseRuntimeParent(mountinfo());
  return parent !== undefined && isWritable(parent) ? join(parent, 'tranche', name) : undefined;
}

function mountinfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
