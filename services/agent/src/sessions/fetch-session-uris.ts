import { join } from 'node:path';
import type { CommandInfoURI } from '@tranche/mesos-api';
import { containerName } from '../containers/agent-container.js';
import type { ParentContainer } from '../containers/parent-containers.js';
import type { Fetcher } from '../fetcher/fetcher.js';
import { NESTED_SANDBOXES } from '../paths.js';
import type { Sandboxes } from '../sandbox/sandboxes.port.js';
import type { Session } from './session.js';

/** What a session's command names, and who it is for. */
export interface SessionUris {
  readonly uris: readonly CommandInfoURI[];
  /** Host path of the sandbox around. */
  readonly outer: string;
  /** Name of the user that the session runs as. */
  readonly user: string;
}

export const sessionUris = (
  uris: readonly CommandInfoURI[],
  { sandbox: outer, user }: ParentContainer,
  asked: string | undefined,
): SessionUris => ({ uris, outer, user: asked ?? user });

/**
 * The step of a session's launch that fetches its URIs: into a sandbox of its own, `containers/NAME` in that of the container around it, whose
 * working directory it has. One that fetches nothing has none.
 *
 * @source Mesos 1.11: fetcher, debug containers
 */
export class FetchSessionUris {
  constructor(
    private readonly sandboxes: Pick<Sandboxes, 'makeAt' | 'removeAt'>,
    private readonly fetcher: Pick<Fetcher, 'fetch'>,
  ) {}

  /** @throws FetchFailedError, also when the session is ended meanwhile, or what making the sandbox throws; nothing is left of it then */
  async fetch({ command, aborted }: Session, { uris, outer, user }: SessionUris): Promise<void> {
    if (uris.length === 0) return;
    const sandbox = sandboxOf(command.id.value, outer);
    await this.sandboxes.makeAt(sandbox, user, outer);
    try {
      await this.fetcher.fetch({ containerId: containerName(command.id), uris, sandbox, user, signal: aborted });
    } catch (error) {
      await this.sandboxes.removeAt(sandbox, outer);
      throw error;
    }
  }

  /** Removes what was fetched for a session that has ended. */
  async remove({ command: { id, outer } }: Session): Promise<void> {
    if (outer !== undefined) await this.sandboxes.removeAt(sandboxOf(id.value, outer), outer);
  }
}

const sandboxOf = (name: string, outer: string): string => join(outer, NESTED_SANDBOXES, name);
