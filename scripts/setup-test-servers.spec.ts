import { describe, expect, it } from 'vitest';
import { neededTestServers } from './setup-test-servers.mjs';

const programs = (env: Record<string, string>, hasDocker = false): string[] =>
  neededTestServers(env, hasDocker).map(({ program }: { program: string }) => program);

describe('what the set-up installs for the tests', () => {
  it('is a broker and a database on a machine that has nothing else', () => {
    expect(programs({})).toEqual(['rabbitmq-server', 'mariadbd', 'mariadb-install-db']);
  });

  it('is nothing where a url is given, or a Docker engine may be', () => {
    expect(programs({ TRANCHE_TEST_AMQP_URL: 'amqp://h' })).toEqual(['mariadbd', 'mariadb-install-db']);
    expect(programs({}, true)).toEqual([]);
    expect(programs({ TRANCHE_TEST_SERVERS: 'none' })).toEqual([]);
  });

  it('is both where the programs of the system are asked for by name', () => {
    expect(programs({ TRANCHE_TEST_SERVERS: 'system' }, true)).toHaveLength(3);
  });
});
