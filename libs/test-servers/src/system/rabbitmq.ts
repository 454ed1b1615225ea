import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BrokerServer } from '../broker-server.js';
import { serverEnvironment } from '../test-servers.config.js';
import { programPath } from './find-program.js';
import { freePorts } from './free-port.js';
import { ServerFolder } from './server-folder.js';
import { ServerProcess } from './server-process.js';
import { untilLine } from './until-line.js';

/** What must be installed. `rabbitmq-diagnostics` stands for the package's own folder: `rabbitmq-server` in PATH is a wrapper for one user. */
export const RABBITMQ_PROGRAMS = ['rabbitmq-server', 'erl', 'epmd'] as const;

/** Debian's package puts the server's own start script here; the one in PATH insists on the user `rabbitmq`. */
const OWN_SCRIPT = '/usr/lib/rabbitmq/bin/rabbitmq-server';

const START_TIMEOUT_MS = 120_000;

/**
 * Schedulers that spin for work would take the processors from the tests; on few processors two of them wake each other at every message, which costs a
 * fifth of all that the broker does.
 */
const erlangFlags = (processors: number): string =>
  `+sbwt none +sbwtdcpu none +sbwtdio none${processors > 2 ? '' : ' +S 1:1'}`;

/**
 * Starts an installed RabbitMQ on free ports of 127.0.0.1, with its data in a temporary folder and an epmd of its own.
 *
 * @returns with the management API on; `process` is the Erlang node's
 */
export async function startSystemRabbitMq(): Promise<BrokerServer> {
  const [amqp = 0, management = 0, distribution = 0, mapper = 0] = await freePorts(4);
  const folder = new ServerFolder('rabbitmq');
  const at = (name: string): string => join(folder.path, name);
  for (const name of ['mnesia', 'log', 'home']) mkdirSync(at(name));
  writeFileSync(at('enabled_plugins'), '[rabbitmq_management].\n');
  writeFileSync(
    at('rabbitmq.conf'),
    [
      `management.tcp.ip = 127.0.0.1`,
      `management.tcp.port = ${management}`,
      // Tests look at queues and cut connections; rates of ten thousand queues would cost more than their messages.
      'management_agent.disable_metrics_collector = true',
      'collect_statistics_interval = 60000',
      'log.console = true',
      'log.console.level = info',
      'log.file = false',
      // A small machine's free disk is no concern of a test.
      'disk_free_limit.absolute = 1MB',
      '',
    ].join('\n'),
  );
  const env = serverEnvironment({
    HOME: at('home'),
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `tranche-${amqp}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: at('mnesia'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: at('rabbitmq'),
    RABBITMQ_CONF_ENV_FILE: at('none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_PID_FILE: at('rabbitmq.pid'),
    // The script then becomes the Erlang node itself, so that its process id is the one to signal.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangFlags(availableParallelism()),
  });
  try {
    // Ours, so that it can be ended: a node that finds no epmd leaves one behind.
    folder.start(programPath('epmd'), ['-port', String(mapper), '-address', '127.0.0.1'], env);
    const node = await ServerProcess.start(async () => {
      const child = folder.start(OWN_SCRIPT, [], env);
      await untilLine(child, 'RabbitMQ', /Server startup complete/, START_TIMEOUT_MS);
      return child;
    });
    return {
      url: `amqp://guest:guest@127.0.0.1:${amqp}`,
      managementUrl: `http://guest:guest@127.0.0.1:${management}`,
      process: node,
      stop: () => folder.remove(),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
