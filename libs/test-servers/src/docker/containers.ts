import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BrokerServer } from '../broker-server.js';
import type { DatabaseServer } from '../database-server.js';
import { findProgram } from '../system/find-program.js';
import { switchRyukOff } from '../test-servers.config.js';
import { chooseImage, type ImageChoice } from './choose-image.js';

const OFFICIAL = { rabbitmq: 'rabbitmq:3.13-management', mariadb: 'mariadb:10.11' } as const;
const MANAGEMENT_PORT = 15_672;
const LABELS = { 'org.tranche.test': 'server' };

/** `test/images/<name>/Dockerfile`, from the sources as from the build of this lib. */
const imageFolder = (name: string): string =>
  join(dirname(fileURLToPath(import.meta.url)), '../../../../test/images', name);

const run = promisify(execFile);

async function imageFor(name: keyof typeof OFFICIAL): Promise<ImageChoice> {
  const { getContainerRuntimeClient, GenericContainer, ImageName } = await import('testcontainers');
  const { image } = await getContainerRuntimeClient();
  const folder = imageFolder(name);
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'Dockerfile')))
    .digest('hex');
  return chooseImage(OFFICIAL[name], `tranche-test-${name}:${hash.slice(0, 12)}`, {
    isPresent: (wanted) => image.exists(ImageName.fromString(wanted)),
    pull: (wanted) => image.pull(ImageName.fromString(wanted)),
    build: async (wanted) => {
      // The command can lend the host's network to the steps of the build, the library cannot.
      if (findProgram('docker') !== undefined) await run('docker', ['build', '--network=host', '-t', wanted, folder]);
      else await GenericContainer.fromDockerfile(folder).build(wanted, { deleteOnExit: false });
    },
  });
}

/** Starts RabbitMQ in a container. @throws Error when no image is to be had, or it does not start */
export async function startDockerRabbitMq(): Promise<{ server: BrokerServer; told: string }> {
  switchRyukOff();
  const { RabbitMQContainer } = await import('@testcontainers/rabbitmq');
  const choice = await imageFor('rabbitmq');
  const container = await new RabbitMQContainer(choice.name).withLabels(LABELS).withStartupTimeout(120_000).start();
  const url = new URL(container.getAmqpUrl());
  return {
    told: choice.told,
    server: {
      url: `amqp://guest:guest@${url.host}`,
      managementUrl: `http://guest:guest@${container.getHost()}:${container.getMappedPort(MANAGEMENT_PORT)}`,
      stop: async () => void (await container.stop()),
    },
  };
}

/** Starts MariaDB in a container. @throws Error when no image is to be had, or it does not start */
export async function startDockerMariaDb(): Promise<{ server: DatabaseServer; told: string }> {
  switchRyukOff();
  const { MariaDbContainer } = await import('@testcontainers/mariadb');
  const choice = await imageFor('mariadb');
  const container = await new MariaDbContainer(choice.name)
    .withRootPassword('root')
    .withLabels(LABELS)
    .withCommand(['--character-set-server=utf8mb4'])
    .start();
  return {
    told: choice.told,
    server: {
      url: `mysql://root:root@${container.getHost()}:${container.getPort()}`,
      stop: async () => void (await container.stop()),
    },
  };
}
