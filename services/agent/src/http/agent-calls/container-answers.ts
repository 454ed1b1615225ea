import type { AgentResponseWaitContainer, ApiRefusal, ContainerID } from '@tranche/mesos-api';
import type { Containerizer } from '../../containerizer/containerizer.js';
import { type AgentContainer, type ContainerEnd, containerName, rootOf } from '../../containers/agent-container.js';
import type { ContainerBook } from '../../containers/container-book.js';
import type { EndContainer } from '../../containers/end-container.js';
import type { FetchSessionUris } from '../../sessions/fetch-session-uris.js';
import type { Session } from '../../sessions/session.js';
import type { Sessions } from '../../sessions/sessions.js';
import { endByLimitation } from '../../tasks/task-end.js';
import type { LiveContainers } from '../../tasks/live-containers.js';
import { signalNamed } from './signal-names.js';

/** Containers that calls are about. */
export interface ContainerScene {
  readonly sessions: Sessions;
  /** Those of the agent API's. */
  readonly book: ContainerBook;
  readonly ends: EndContainer;
  readonly live: LiveContainers;
  readonly containerizer: Pick<Containerizer, 'termination' | 'kill'>;
  readonly uris: FetchSessionUris;
}

/** What a container id stands for: a session, a container of the agent API's, or that of a task or an executor. */
export type NamedContainer =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'api'; readonly container: AgentContainer }
  | { readonly kind: 'task'; readonly containerId: string };

/** @returns undefined for one that is not there */
export function containerNamed(
  id: ContainerID,
  { sessions, book, live }: Pick<ContainerScene, 'sessions' | 'book' | 'live'>,
): NamedContainer | undefined {
  const name = containerName(id);
  const session = sessions.get(name);
  if (session !== undefined) return { kind: 'session', session };
  const container = book.named(name);
  if (container !== undefined) return { kind: 'api', container };
  return live.phaseOf(id.value) === undefined ? undefined : { kind: 'task', containerId: id.value };
}

/** Wait status of a process that SIGKILL has ended. */
const KILLED = 9;

/** Answer to WAIT_CONTAINER, when the container has ended. @returns undefined for one that there is not */
export async function waitFor(id: ContainerID, scene: ContainerScene): Promise<AgentResponseWaitContainer | undefined> {
  const found = containerNamed(id, scene);
  switch (found?.kind) {
    case 'session':
      return endOfSession(found.session);
    case 'api': {
      const end = await scene.ends.whenEnded(found.container.containerId);
      return end && endDocument(end);
    }
    case 'task': {
      if (scene.live.phaseOf(found.containerId) !== 'running') return undefined;
      return endDocument(await scene.containerizer.termination(found.containerId));
    }
    default:
      return undefined;
  }
}

async function endOfSession(session: Session): Promise<AgentResponseWaitContainer> {
  const { exitCode, output } = await session.ended;
  if (exitCode !== undefined) return { exit_status: exitCode << 8 };
  return session.isAborted ? { exit_status: KILLED } : { message: output };
}

/** @source operator API §5: WAIT_CONTAINER */
function endDocument({ waitStatus, limitation }: ContainerEnd): AgentResponseWaitContainer {
  const { state, reason, message, limitation: resources } = limitation === undefined ? {} : endByLimitation(limitation);
  return {
    ...(waitStatus === undefined ? {} : { exit_status: waitStatus }),
    ...(state && { state }),
    ...(reason && { reason }),
    ...(resources && { limitation: resources }),
    ...(message === undefined ? {} : { message }),
  };
}

/** Sends a signal, SIGKILL unless another is named. @returns why not */
export async function signalContainer(
  id: ContainerID,
  number: number | undefined,
  scene: ContainerScene,
): Promise<ApiRefusal | undefined> {
  const name = containerName(id);
  const found = containerNamed(id, scene);
  if (found === undefined || isOver(found)) {
    return { kind: 'not-found', message: `Container '${name}' cannot be found (or is already killed)` };
  }
  const signal = signalNamed(number ?? KILLED);
  if (signal === undefined) {
    return { kind: 'bad-request', message: `Signal ${number ?? KILLED} cannot be sent to container '${name}'` };
  }
  if (found.kind === 'session') await found.session.signal(signal);
  else await signalProcesses(found.kind === 'api' ? found.container.containerId : found.containerId, signal, scene);
  return undefined;
}

function isOver(found: NamedContainer): boolean {
  if (found.kind === 'session') return found.session.isOver;
  return found.kind === 'api' && found.container.end !== undefined;
}

/** One that is still being brought up has no process yet: it is given up. */
async function signalProcesses(containerId: string, signal: NodeJS.Signals, scene: ContainerScene): Promise<void> {
  if (scene.live.phaseOf(containerId) === 'running') await scene.containerizer.kill(containerId, signal);
  else if (signal === 'SIGKILL' || signal === 'SIGTERM') scene.live.abandon({ containerId });
}

/** Forgets a container that has ended; one that is forgotten already is no error below a root that lives. @returns why not */
export async function removeContainer(id: ContainerID, scene: ContainerScene): Promise<ApiRefusal | undefined> {
  const found = containerNamed(id, scene);
  if (found?.kind === 'task' || (found !== undefined && !isOver(found))) {
    const nested = id.parent === undefined ? 'Container' : 'Nested container';
    return { kind: 'failed', message: `${nested} has not terminated yet` };
  }
  if (found?.kind === 'session') {
    scene.sessions.forget(containerName(id));
    await scene.uris.remove(found.session);
  }
  if (found?.kind === 'api') await scene.ends.remove(found.container);
  if (found !== undefined) return undefined;
  const root = rootOf(id);
  const isKnown = containerNamed(root, scene) !== undefined && id.parent !== undefined;
  return isKnown ? undefined : { kind: 'failed', message: `Unknown container '${root.value}'` };
}
