import type { AgentResponseWaitContainer, ApiRefusal, ContainerID } from '@tranche/mesos-api';
import type { Containerizer } from '../../containerizer/containerizer.js';
import { containerName, type Sessions } from '../../sessions/sessions.js';
import type { LiveContainers } from '../../tasks/live-containers.js';

/** Containers that calls are about. */
export interface ContainerScene {
  readonly sessions: Sessions;
  readonly live: LiveContainers;
  readonly containerizer: Pick<Containerizer, 'termination' | 'kill'>;
}

/** Wait status of a process that SIGKILL has ended. */
const KILLED = 9;
const SIGNALS: Readonly<Record<number, 'SIGTERM' | 'SIGKILL'>> = { 9: 'SIGKILL', 15: 'SIGTERM' };

/** Answer to WAIT_CONTAINER, when the container has ended. @returns undefined for one that there is not */
export async function waitFor(id: ContainerID, scene: ContainerScene): Promise<AgentResponseWaitContainer | undefined> {
  const session = scene.sessions.get(containerName(id));
  if (session !== undefined) {
    const { exitCode, output } = await session.ended;
    if (exitCode !== undefined) return { exit_status: exitCode << 8 };
    return session.isAborted ? { exit_status: KILLED } : { message: output };
  }
  if (scene.live.phaseOf(id.value) !== 'running') return undefined;
  const { waitStatus } = await scene.containerizer.termination(id.value);
  return waitStatus === undefined ? {} : { exit_status: waitStatus };
}

/** Sends a signal, SIGKILL unless another is named. @returns why not */
export async function signalContainer(
  id: ContainerID,
  number: number | undefined,
  scene: ContainerScene,
): Promise<ApiRefusal | undefined> {
  const name = containerName(id);
  const signal = SIGNALS[number ?? KILLED];
  const session = scene.sessions.get(name);
  const isLive = scene.live.phaseOf(id.value) === 'running';
  if (session?.isOver !== false && !isLive) {
    return { kind: 'not-found', message: `Container '${name}' cannot be found (or is already killed)` };
  }
  if (signal === undefined || (session !== undefined && signal !== 'SIGKILL')) {
    return { kind: 'bad-request', message: `Signal ${number ?? KILLED} cannot be sent to container '${name}'` };
  }
  if (session === undefined) await scene.containerizer.kill(id.value, signal);
  else session.abort();
  return undefined;
}

/** Forgets a container that has ended; one that is forgotten already is no error below a root that lives. @returns why not */
export function removeContainer(id: ContainerID, { sessions, live }: ContainerScene): ApiRefusal | undefined {
  const name = containerName(id);
  const session = sessions.get(name);
  if (session !== undefined) {
    if (!session.isOver) return { kind: 'failed', message: 'Nested container has not terminated yet' };
    sessions.forget(name);
    return undefined;
  }
  if (live.phaseOf(id.value) !== undefined)
    return { kind: 'failed', message: 'Nested container has not terminated yet' };
  const root = rootOf(id);
  return live.phaseOf(root) === undefined ? { kind: 'failed', message: `Unknown container '${root}'` } : undefined;
}

const rootOf = ({ value, parent }: ContainerID): string => (parent === undefined ? value : rootOf(parent));
