import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SERVER = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/usr/sbin/rabbitmq-server'].find((path) => existsSync(path));

/**
 * A RabbitMQ of a test's own, which it can kill and start again: on free ports of 127.0.0.1, in a temporary folder.
 */
export class RabbitBroker {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly ports: { readonly amqp: number; readonly dist: number; readonly epmd: number },
  ) {}

  /** Whether the server is installed here. */
  static readonly isInstalled = SERVER !== undefined;

  static async start(): Promise<RabbitBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'tranche-rabbit-'));
    const [amqp = 0, dist = 0, epmd = 0] = await freePorts(3);
    const broker = new RabbitBroker(folder, { amqp, dist, epmd });
    await mkdir(join(folder, 'home'));
    await writeFile(join(folder, 'plugins'), '[].');
    await writeFile(
      join(folder, 'rabbitmq.conf'),
      `listeners.tcp.default = 127.0.0.1:${amqp}\nloopback_users.guest = false\n`,
    );
    await broker.run();
    return broker;
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.ports.amqp}`;
  }

  /** Runs it (again) on the same folder. */
  async run(): Promise<void> {
    if (SERVER === undefined) throw new Error('rabbitmq-server is not installed');
    const { folder, ports } = this;
    // A group of its own: the server, its Erlang machine and the port mapper end together.
    this.child = spawn(SERVER, [], {
      detached: true,
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        ...{ HOME: join(folder, 'home'), RABBITMQ_NODENAME: 'tranche-test@localhost' },
        ...{ RABBITMQ_NODE_PORT: String(ports.amqp), RABBITMQ_DIST_PORT: String(ports.dist) },
        ...{ RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'), RABBITMQ_LOG_BASE: join(folder, 'log') },
        ...{
          RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
          RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
        },
        ...{ ERL_EPMD_PORT: String(ports.epmd), ERL_EPMD_ADDRESS: '127.0.0.1' },
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1',
      },
    });
    await untilListening(ports.amqp);
  }

  /** Kills it as a crash of its machine would; what it has confirmed is on disk. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`RabbitMQ does not listen on port ${port} after 30 s`);
}
