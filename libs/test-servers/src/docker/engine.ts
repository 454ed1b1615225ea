import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dockerEndpoints } from '../test-servers.config.js';

/**
 * Asks whether a Docker engine answers.
 *
 * The libraries that speak to one are loaded only where one may be: they take a second.
 *
 * @returns undefined when it does, else why it does not
 */
export async function dockerObstacle(): Promise<string | undefined> {
  const { host, runtimeFolder } = dockerEndpoints();
  const sockets = [
    '/var/run/docker.sock',
    ...(runtimeFolder === undefined ? [] : [join(runtimeFolder, 'docker.sock')]),
  ];
  if (host === undefined && !sockets.some((socket) => existsSync(socket)))
    return `no Docker engine: DOCKER_HOST is not set, and there is no ${sockets.join(' or ')}`;
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return `no Docker engine answers: ${error instanceof Error ? error.message : String(error)}`;
  }
}
