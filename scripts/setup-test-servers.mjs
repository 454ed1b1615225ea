// Installs the broker and the database that the tests run against, where they would not come from elsewhere (libs/test-servers).
import { existsSync } from 'node:fs';
import { installMissing } from './install-packages.mjs';

const BROKER = [{ program: 'rabbitmq-server', package: 'rabbitmq-server' }];
const DATABASE = [
  { program: 'mariadbd', package: 'mariadb-server' },
  { program: 'mariadb-install-db', package: 'mariadb-server' },
];

/** The second OCI runtime: its conformance suite runs on it, too. */
const RUNTIMES = [{ program: 'runc', package: 'runc' }];

/** A registry of images, and what makes small images for it: container images are tested with the real thing. */
const IMAGES = [
  { program: 'docker-registry', package: 'docker-registry' },
  { program: 'umoci', package: 'umoci' },
  { program: 'skopeo', package: 'skopeo' },
  { program: 'busybox', package: 'busybox-static' },
  { program: 'getfattr', package: 'attr' },
  { program: 'openssl', package: 'openssl' },
];

/**
 * Which programs the tests of this machine may have to start.
 *
 * None where a server's url is given, or a Docker engine may be: that machine's owner has chosen.
 *
 * @param {Record<string, string | undefined>} env
 * @param {boolean} hasDocker
 */
export function neededTestServers(env, hasDocker) {
  const asked = env.TRANCHE_TEST_SERVERS;
  if (asked === 'docker' || asked === 'none' || (hasDocker && asked !== 'system')) return [];
  return [...(env.TRANCHE_TEST_AMQP_URL ? [] : BROKER), ...(env.TRANCHE_TEST_MYSQL_URL ? [] : DATABASE)];
}

/** Never fails: without them the tests that need them are skipped, and counted. */
export function installTestServers() {
  if (process.platform !== 'linux') return;
  installMissing(RUNTIMES, { subject: 'tests over a second container runtime', without: 'those tests will fail' });
  installMissing(IMAGES, {
    subject: 'tests of container images',
    without: 'those tests will be skipped',
    keepStopped: true,
  });
  const hasDocker = process.env.DOCKER_HOST !== undefined || existsSync('/var/run/docker.sock');
  installMissing(neededTestServers(process.env, hasDocker), {
    subject: 'tests over a real broker and database',
    without: 'those tests will be skipped',
    keepStopped: true,
  });
}
