import type { ApiRefusal, ContainerID } from '@tranche/mesos-api';
import type { Containerizer } from '../../containerizer/containerizer.js';
import { type ContainerInput, NoTerminalError } from '../../containerizer/terminal/container-input.js';
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

/** Somebody's way to a container's input; only one writes at a time, anybody may set the size of the terminal meanwhile. */
export interface Input {
  /** Makes the caller the one that writes, until it closes. @returns false while somebody else is */
  begin(): boolean;
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

/**
 * Of several clients the first that has something to write is the one that does; Mesos takes the first that is there, so that nobody could
 * tell a terminal its size while its input waits.
 *
 * @source operator API §5: ATTACH_CONTAINER_INPUT; the text of 500: Mesos 1.11, I/O switchboard
 */
export async function inputOf(id: ContainerID | undefined, scene: AttachScene): Promise<Found<Input>> {
  const session = runningSession(id, scene.sessions);
  if (session !== undefined) return { ok: true, value: inputOfSession(session) };
  const container = id && scene.parents.find(id);
  if (container === undefined) return notFound(id);
  const { containerId } = container;
  try {
    const input = await scene.containerizer.openInput(containerId);
    return { ok: true, value: withPlace(input, placeOfContainer(containerId, scene.typing)) };
  } catch (error) {
    const message =
      error instanceof NoTerminalError
        ? 'I/O switchboard server was disabled for this container: it has no terminal'
        : (error as Error).message;
    return { ok: false, refusal: { kind: 'failed', message } };
  }
}

/** The place of the one that writes. */
interface WriterPlace {
  /** @returns whether it was free */
  take(): boolean;
  leave(): void;
}

/** An input that leaves the place when it is closed, if it has taken it. */
function withPlace(input: ContainerInput, place: WriterPlace): Input {
  let hasPlace = false;
  return {
    ...input,
    begin: () => (hasPlace ||= place.take()),
    close: () => {
      if (hasPlace) place.leave();
      hasPlace = false;
      input.close();
    },
  };
}

const placeOfContainer = (containerId: string, typing: Set<string>): WriterPlace => ({
  take: () => {
    if (typing.has(containerId)) return false;
    typing.add(containerId);
    return true;
  },
  leave: () => void typing.delete(containerId),
});

const inputOfSession = (session: Session): Input =>
  withPlace(
    {
      write: (data) => session.write(data),
      resize: async (window) => {
        if (!session.hasTerminal) throw new Error('the container has no terminal');
        await session.resize(window);
      },
      close: () => undefined,
    },
    { take: () => session.beginInput(), leave: () => session.endInput() },
  );

function runningSession(id: ContainerID | undefined, sessions: Sessions): Session | undefined {
  const session = id && sessions.get(containerName(id));
  return session?.isOver === false ? session : undefined;
}

const notFound = (id: ContainerID | undefined): Found<never> => ({
  ok: false,
  refusal: { kind: 'not-found', message: `Container ${id === undefined ? '' : containerName(id)} cannot be found` },
});
