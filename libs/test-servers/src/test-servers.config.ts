import { isSourceName, SOURCE_NAMES, type SourceName } from './plan-sources.js';

/** Where tests look for the servers they need. Read from the environment once, by the set-up of a run. */
export interface TestServersConfig {
  /** `TRANCHE_TEST_AMQP_URL`: a RabbitMQ that is there already. */
  readonly amqpUrl: string | undefined;
  /** `TRANCHE_TEST_AMQP_MANAGEMENT_URL`: its management API; default port 15672 of the same host with the same user. */
  readonly amqpManagementUrl: string | undefined;
  /** `TRANCHE_TEST_MYSQL_URL`: a MySQL or MariaDB that is there already; its user must be allowed to create databases. */
  readonly mysqlUrl: string | undefined;
  /** `TRANCHE_TEST_SERVERS`: `docker` or `system` asks for that source by name; `none` has the tests that need servers skipped. */
  readonly asked: SourceName | 'none' | undefined;
}

/** @throws Error when `TRANCHE_TEST_SERVERS` is none of its words */
export function readTestServersConfig(): TestServersConfig {
  const asked = process.env['TRANCHE_TEST_SERVERS'];
  if (asked !== undefined && asked !== '' && asked !== 'none' && !isSourceName(asked))
    throw new Error(`TRANCHE_TEST_SERVERS: "${asked}" must be one of ${[...SOURCE_NAMES, 'none'].join(', ')}`);
  return {
    amqpUrl: text('TRANCHE_TEST_AMQP_URL'),
    amqpManagementUrl: text('TRANCHE_TEST_AMQP_MANAGEMENT_URL'),
    mysqlUrl: text('TRANCHE_TEST_MYSQL_URL'),
    asked: asked === '' ? undefined : asked,
  };
}

const text = (name: string): string | undefined => process.env[name] || undefined;

/** What the set-up of a run tells its workers, through the environment that they inherit. */
export interface RunAddress {
  readonly address: string;
  /** What speaks MySQL here, for titles: `MariaDB`, or where its url was given. */
  readonly mysqlName: string;
  /** Why there is no such server, for those that are not to be had. */
  readonly missing: Partial<Record<'amqp' | 'mysql', string>>;
}

const RUN_VARIABLE = 'TRANCHE_TEST_RUN';

/** @returns the servers of the run that this worker belongs to; undefined outside of one */
export function readRunAddress(): RunAddress | undefined {
  const value = process.env[RUN_VARIABLE];
  return value === undefined ? undefined : (JSON.parse(value) as RunAddress);
}

export function announceRun(run: RunAddress): void {
  process.env[RUN_VARIABLE] = JSON.stringify(run);
}

/** Environment of a server that we start: without what would configure it differently than meant. */
export function serverEnvironment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RABBITMQ|ERL|MYSQL|MARIADB)_/.test(name));
  return { ...Object.fromEntries(inherited), ...own };
}

/** Folders of programs, those of administrators included: a plain user's PATH may lack them. */
export const programFolders = (): string[] => [
  ...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== ''),
  '/usr/sbin',
  '/sbin',
  '/usr/lib/rabbitmq/bin',
];

/** Where a Docker engine may listen, by the environment. */
export const dockerEndpoints = (): { host: string | undefined; runtimeFolder: string | undefined } => ({
  host: text('DOCKER_HOST'),
  runtimeFolder: text('XDG_RUNTIME_DIR'),
});

/** Ryuk, which removes containers of runs that died, is an image too: where nothing can be pulled it would fail every start. */
export function switchRyukOff(): void {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
}
