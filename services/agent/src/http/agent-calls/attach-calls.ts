import type { ApiRefusal, ContainerID } from '@tranche/mesos-api';
import type { Containerizer } from '../../containerizer/containerizer.js';
import { NoTerminalError } from '../../containerizer/terminal/container-input.js';
import type { WindowSize } from '../../containerizer/terminal/terminal.js';
import { containerName } from '../../containers/agent-container.js';
import { openOutput } from '../../containers/container-output.js';
import type { ParentContainers } from '../../containers/parent-containers.js';
import type { Session, TakePiece } from '../../sessions/session.js';
import type { Sessions } from '../../sessions/sessions.js';
import type { LiveContainers } from '../../tasks/live-containers.js';

/** Where somebody's output comes from and input goes to. */
export interface AttachScene {
  readonly sessions: Sessions;
  readonly parents: ParentContainers;
  readonly live: LiveContainers;
  readonly containerizer: Pick<Containerizer, 'openInput'>;
  /** Containers whose input somebody has, by their container ids. */
  readonly typing: Set<string>;
}

type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: ApiRefusal };

/** Passes on what is written until it has ended, or the reader has gone. */
export type Output = (take: TakePiece, gone: AbortSignal) => Promise<void>;

/** Somebody's way to a container's input; only one has it at a time. */
export interface Input {
  write(data: Buffer): Promise<void>;
  /** @throws when the size is refused, or there is no terminal */
  resize(window: WindowSize): Promise<void>;
  /** Lets go of the input; it does not end by that. */
  close(): void;
}

/** What is written from the moment on at which this returns. @source operator API §5: ATTACH_CONTAINER_OUTPUT */
export async function outputOf(
  id: ContainerID | undefined,
  { sessions, parents, live }: AttachScene,
): Promise<Found<Output>> {
  const session = runningSession(id, sessions);
  if (session !== undefined) return { ok: true, value: outputOfSession(session) };
  const container = id && parents.find(id);
  if (container === undefined) return notFound(id);
  const { sandbox, containerId } = container;
  try {
    return { ok: true, value: await openOutput(sandbox, live.whenEnded(containerId)) };
  } catch (error) {
    return { ok: false, refusal: { kind: 'failed', message: `Output cannot be read: ${(error as Error).message}` } };
  }
}

export const outputOfSession =
  (session: Session): Output =>
  async (take, gone) => {
    const detach = session.attach(take);
    gone.addEventListener('abort', detach, { once: true });
    await session.ended;
    detach();
  };

/** @source operator API §5: ATTACH_CONTAINER_INPUT; the text of 500: Mesos 1.11, I/O switchboard */
export async function inputOf(id: ContainerID | undefined, scene: AttachScene): Promise<Found<Input>> {
  const session = runningSession(id, scene.sessions);
  if (session !== undefined) return session.beginInput() ? { ok: true, value: inputOfSession(session) } : taken;
  const container = id && scene.parents.find(id);
  if (container === undefined) return notFound(id);
  const { containerId } = container;
  if (scene.typing.has(containerId)) return taken;
  scene.typing.add(containerId);
  try {
    const input = await scene.containerizer.openInput(containerId);
    return { ok: true, value: { ...input, close: () => (scene.typing.delete(containerId), input.close()) } };
  } catch (error) {
    scene.typing.delete(containerId);
    const message =
      error instanceof NoTerminalError
        ? 'I/O switchboard server was disabled for this container: it has no terminal'
        : (error as Error).message;
    return { ok: false, refusal: { kind: 'failed', message } };
  }
}

const inputOfSession = (session: Session): Input => ({
  write: (data) => session.write(data),
  resize: async (window) => {
    if (!session.hasTerminal) throw new Error('the container has no terminal');
    await session.resize(window);
  },
  close: () => session.endInput(),
});

function runningSession(id: ContainerID | undefined, sessions: Sessions): Session | undefined {
  const session = id && sessions.get(containerName(id));
  return session?.isOver === false ? session : undefined;
}

const taken: Found<never> = {
  ok: false,
  refusal: { kind: 'conflict', message: 'Multiple input connections are not allowed' },
};

const notFound = (id: ContainerID | undefined): Found<never> => ({
  ok: false,
  refusal: { kind: 'not-found', message: `Container ${id === undefined ? '' : containerName(id)} cannot be found` },
});
