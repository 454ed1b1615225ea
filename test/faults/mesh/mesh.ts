import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, readTestServersConfig, TestServers } from '@tranche/test-servers';
import { MeshMember, pause } from './mesh-member.js';
import { SmallDisk } from './small-disk.js';
import { TcpProxy } from './tcp-proxy.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How many processes of each service. */
export const REPLICAS = { registry: 2, allocator: 2, offers: 2, quota: 1 } as const;
type Service = keyof typeof REPLICAS;
const SERVICES = Object.keys(REPLICAS) as Service[];

export interface AgentPlan {
  readonly containerizer: 'process' | 'oci';
  readonly resources: string;
  /** Its work directory on a disk of its own, so small that it can be filled. */
  readonly hasSmallDisk: boolean;
}

export interface MeshOptions {
  /** For logs and work directories; exists. */
  readonly folder: string;
  readonly agents: readonly AgentPlan[];
  readonly say: (line: string) => void;
  readonly nodeFlags?: readonly string[];
  /** Of every process, over what is usual here. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The mesh as separate processes behind stretches of network that can be broken: towards the broker, the database, and from schedulers. */
export class Mesh {
  readonly members = new Map<Service, readonly MeshMember[]>();
  readonly agents: MeshMember[] = [];
  /** By number from 1; those that have one. */
  readonly disks = new Map<number, SmallDisk>();

  private constructor(
    readonly servers: TestServers,
    /** Directly, not through the network that can be broken. */
    readonly brokerUrl: string,
    readonly proxies: { readonly broker: TcpProxy; readonly database: TcpProxy; readonly schedulers: TcpProxy },
    private readonly options: MeshOptions,
  ) {}

  static async start(options: MeshOptions): Promise<Mesh> {
    const servers = await TestServers.find(readTestServersConfig(), options.say);
    try {
      const [amqp, mysql] = await Promise.all([servers.amqpUrl(), servers.mysqlUrl()]);
      const broker = await TcpProxy.open([portOf(amqp)]);
      const database = await TcpProxy.open([portOf(mysql)]);
      const ports = await freePorts(Object.values(REPLICAS).reduce((sum, count) => sum + count, options.agents.length));
      const take = (count: number): number[] => ports.splice(0, count);
      const portsOf = Object.fromEntries(SERVICES.map((service) => [service, take(REPLICAS[service])]));
      const schedulers = await TcpProxy.open(portsOf['offers'] ?? []);
      const mesh = new Mesh(servers, amqp, { broker, database, schedulers }, options);
      process.once('exit', mesh.killAll);
      for (const service of SERVICES)
        mesh.members.set(
          service,
          (portsOf[service] ?? []).map((port, index) =>
            mesh.make(`${service}-${index + 1}`, service, port, {
              BROKER_URL: through(amqp, broker),
              ...(service === 'allocator' ? {} : { DATABASE_URL: through(mysql, database) }),
              PUBLIC_URL: mesh.url,
              ...(service === 'offers' ? { OFFERS_MAX_COMPLETED_TASKS_PER_FRAMEWORK: '100000' } : {}),
            }),
          ),
        );
      await mesh.makeAgents(take(options.agents.length), through(amqp, broker));
      await mesh.bringUp();
      return mesh;
    } catch (error) {
      await servers.stop();
      throw error;
    }
  }

  /** Where schedulers find the cluster: any live replica of offers, as behind an ingress. */
  get url(): string {
    return `http://127.0.0.1:${this.proxies.schedulers.port}`;
  }

  get all(): readonly MeshMember[] {
    return [...[...this.members.values()].flat(), ...this.agents];
  }

  of(service: string): readonly MeshMember[] {
    return this.members.get(service as Service) ?? [];
  }

  /** The replica that works. @returns undefined when none says so for some seconds */
  async active(service: string): Promise<MeshMember | undefined> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const members = this.of(service);
      const answers = await Promise.all(members.map((one) => one.isActive(service)));
      const found = members[answers.indexOf(true)];
      if (found !== undefined) return found;
      await pause(200);
    }
    return undefined;
  }

  /** The JSON of a path, from whichever replica answers. @returns undefined when none does */
  async read(service: string, path: string): Promise<unknown> {
    for (const member of this.of(service)) {
      const text = await member.get(path, 5_000);
      if (text !== undefined) return JSON.parse(text) as unknown;
    }
    return undefined;
  }

  /** All of it is gone when this returns. */
  async stop(): Promise<void> {
    for (const proxy of Object.values(this.proxies)) proxy.freeze(false);
    for (const member of this.all) member.signal('SIGCONT');
    await Promise.all(this.agents.map((agent) => agent.end('SIGKILL')));
    await Promise.all(this.all.map((member) => member.end('SIGKILL')));
    process.off('exit', this.killAll);
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.close()));
    await this.servers.stop();
    for (const disk of this.disks.values()) disk.remove();
  }

  private readonly killAll = (): void => {
    for (const member of this.all) member.signal('SIGKILL');
  };

  private make(name: string, service: string, port: number, env: Readonly<Record<string, string>>): MeshMember {
    return new MeshMember({
      ...{ name, port, env: { BROKER_HEARTBEAT_SECONDS: '1', LOG_LEVEL: 'info', ...this.options.env, ...env } },
      program: join(root, `services/${service}/dist/main.js`),
      logFile: join(this.options.folder, 'logs', `${name}.log`),
      nodeFlags: this.options.nodeFlags,
    });
  }

  private async makeAgents(ports: readonly number[], brokerUrl: string): Promise<void> {
    for (const [index, plan] of this.options.agents.entries()) {
      const name = `agent${index + 1}`;
      const workDir = join(this.options.folder, name);
      mkdirSync(workDir, { recursive: true });
      const disk = plan.hasSmallDisk ? await SmallDisk.mount(workDir) : undefined;
      if (disk !== undefined) this.disks.set(index + 1, disk);
      const env = {
        BROKER_URL: brokerUrl,
        AGENT_HOSTNAME: name,
        AGENT_WORK_DIR: workDir,
        AGENT_CONTAINERIZER: plan.containerizer,
        AGENT_RESOURCES: plan.resources,
      };
      this.agents.push(this.make(name, 'agent', ports[index] ?? 0, env));
    }
  }

  private async bringUp(): Promise<void> {
    for (const member of this.all) member.launch();
    try {
      await Promise.all(this.all.map((member) => member.untilReady()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }
}

const portOf = (url: string): number => Number(new URL(url).port);

function through(url: string, proxy: TcpProxy): string {
  const parsed = new URL(url);
  parsed.hostname = '127.0.0.1';
  parsed.port = String(proxy.port);
  return parsed.toString();
}
