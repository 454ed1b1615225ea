import { type BrokerServer, freshVirtualHost, removeVirtualHost, useGivenBroker } from './broker-server.js';
import { type DatabaseServer, freshDatabase, removeDatabase, useGivenDatabase } from './database-server.js';
import { startDockerMariaDb, startDockerRabbitMq } from './docker/containers.js';
import { dockerObstacle } from './docker/engine.js';
import { planSources, type Source, type SourcePlan, startFromFirst } from './plan-sources.js';
import { missingPrograms } from './system/find-program.js';
import { MARIADB_PROGRAMS, startSystemMariaDb } from './system/mariadb.js';
import { RABBITMQ_PROGRAMS, startSystemRabbitMq } from './system/rabbitmq.js';
import type { TestServersConfig } from './test-servers.config.js';

type Started<T> = Promise<{ server: T; told: string }>;

/** The servers of one run: each is started when it is first asked for, and once. */
export class TestServers {
  private readonly fresh: (() => Promise<void>)[] = [];
  private broker: Promise<BrokerServer> | undefined;
  private database: Promise<DatabaseServer> | undefined;

  private constructor(
    private readonly config: TestServersConfig,
    private readonly plans: { readonly amqp: SourcePlan; readonly mysql: SourcePlan },
    private readonly say: (line: string) => void,
  ) {}

  /** Looks at what there is; starts nothing. */
  static async find(config: TestServersConfig, say: (line: string) => void): Promise<TestServers> {
    const { asked } = config;
    const needsDocker = config.amqpUrl === undefined || config.mysqlUrl === undefined;
    const dockerMissing = needsDocker && asked !== 'system' ? await dockerObstacle() : undefined;
    const plan = (server: string, variable: string, url: string | undefined, programs: readonly string[]) =>
      planSources({
        server,
        given: { variable, url },
        asked,
        dockerMissing,
        programsMissing: missingPrograms(programs),
      });
    const plans = {
      amqp: plan('RabbitMQ', 'TRANCHE_TEST_AMQP_URL', config.amqpUrl, RABBITMQ_PROGRAMS),
      mysql: plan('MariaDB', 'TRANCHE_TEST_MYSQL_URL', config.mysqlUrl, MARIADB_PROGRAMS),
    };
    return new TestServers(config, plans, say);
  }

  /** Why there is none of a kind; undefined when there is. Being asked for by name and missing is no reason to skip: it fails. */
  missing(kind: 'amqp' | 'mysql'): string | undefined {
    const plan = this.plans[kind];
    if (plan.sources.length > 0) return undefined;
    const isFailure = plan.isAsked && this.config.asked !== 'none';
    return isFailure ? undefined : plan.out.join('; ');
  }

  /** For titles of tests: what the server behind a given url is shows only when it is asked. */
  get mysqlName(): string {
    return this.config.mysqlUrl === undefined ? 'MariaDB' : 'the server of TRANCHE_TEST_MYSQL_URL';
  }

  /** A virtual host of its own on RabbitMQ, removed at the end of the run. @throws NoServerError */
  async amqpUrl(): Promise<string> {
    const server = await this.brokerServer();
    const url = await freshVirtualHost(server);
    this.fresh.push(() => removeVirtualHost(server, url));
    return url;
  }

  /** A database of its own on MariaDB or MySQL, removed at the end of the run. @throws NoServerError */
  async mysqlUrl(): Promise<string> {
    const server = await this.databaseServer();
    const url = await freshDatabase(server);
    this.fresh.push(() => removeDatabase(server, url));
    return url;
  }

  brokerServer(): Promise<BrokerServer> {
    this.broker ??= startFromFirst('RabbitMQ', this.plans.amqp, (source) => this.startBroker(source), this.say);
    return this.broker;
  }

  databaseServer(): Promise<DatabaseServer> {
    this.database ??= startFromFirst('MariaDB', this.plans.mysql, (source) => this.startDatabase(source), this.say);
    return this.database;
  }

  /** Removes what was made and stops what was started. */
  async stop(): Promise<void> {
    const isOurs = (plan: SourcePlan): boolean => plan.sources[0]?.kind !== 'given';
    // A server that goes away takes its databases and virtual hosts with it.
    if (!isOurs(this.plans.amqp) || !isOurs(this.plans.mysql))
      await Promise.allSettled(this.fresh.map((remove) => remove()));
    const stop = async (starting: Promise<{ stop(): Promise<void> }> | undefined): Promise<void> => {
      // What never started has told its own caller, and has nothing to stop.
      const server = await starting?.catch(() => undefined);
      await server?.stop();
    };
    await Promise.all([stop(this.broker), stop(this.database)]);
  }

  private async startBroker(source: Source): Started<BrokerServer> {
    if (source.kind === 'docker') return startDockerRabbitMq();
    if (source.kind === 'system')
      return { server: await startSystemRabbitMq(), told: 'the installed rabbitmq-server, started on a free port' };
    const server = await useGivenBroker(source.url, this.config.amqpManagementUrl);
    return { server, told: `given by TRANCHE_TEST_AMQP_URL, ${new URL(source.url).host}` };
  }

  private async startDatabase(source: Source): Started<DatabaseServer> {
    if (source.kind === 'docker') return startDockerMariaDb();
    if (source.kind === 'system')
      return { server: await startSystemMariaDb(), told: 'the installed mariadbd, started on a free port' };
    return {
      server: await useGivenDatabase(source.url),
      told: `given by TRANCHE_TEST_MYSQL_URL, ${new URL(source.url).host}`,
    };
  }
}
