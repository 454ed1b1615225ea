import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@tranche/test-servers';
import { type Running, start } from '../local-cluster.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type MeshService = 'registry' | 'allocator' | 'offers' | 'quota' | 'agent';

/** How many processes of each service. */
export const REPLICAS: Readonly<Record<MeshService, number>> = {
  registry: 2,
  allocator: 2,
  offers: 2,
  quota: 1,
  agent: 1,
};

interface Member {
  readonly service: MeshService;
  readonly port: number;
  running: Running | undefined;
}

export interface MeshOptions {
  readonly brokerUrl: string;
  readonly databaseUrl: string;
  /** Into how many the offers service is cut; default 1. */
  readonly offersPartitions?: number;
}

/** The services as separate processes over a real broker, started as an operator starts them: `node services/x/dist/main.js`. */
export class MeshProcesses {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tranche-mesh-'));

  private constructor(
    private readonly options: MeshOptions,
    private readonly members: readonly Member[],
  ) {}

  static async start(options: MeshOptions): Promise<MeshProcesses> {
    const services = Object.entries(REPLICAS).flatMap(([service, count]) =>
      Array.from({ length: count }, () => service as MeshService),
    );
    const ports = await freePorts(services.length);
    const mesh = new MeshProcesses(
      options,
      services.map((service, index) => ({ service, port: ports[index] ?? 0, running: undefined })),
    );
    for (const member of mesh.members) mesh.launch(member);
    await Promise.all(mesh.members.map((member) => mesh.untilReady(member)));
    return mesh;
  }

  url(service: MeshService, index: number): string {
    return `http://127.0.0.1:${this.member(service, index).port}`;
  }

  /** Which replica works. @throws when none does for long */
  async active(service: MeshService): Promise<number> {
    for (let attempt = 0; attempt < 600; attempt++) {
      for (const index of this.of(service).keys()) if (await this.isActive(service, index)) return index;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no ${service} became active in 30 s`);
  }

  /** Whether a replica says that it works; one that does not answer does not. */
  async isActive(service: MeshService, index: number): Promise<boolean> {
    const answer = await fetch(`${this.url(service, index)}/metrics`, { signal: AbortSignal.timeout(1_000) }).catch(
      () => undefined,
    );
    const metrics = (await answer?.text().catch(() => '')) ?? '';
    return new RegExp(`^tranche_${service}_active\\{[^}]*\\} 1$`, 'm').test(metrics);
  }

  /** Indexes of the partitions that a replica of a service that is cut works on; one that does not answer works on none. */
  async partitions(service: MeshService, index: number): Promise<number[]> {
    const answer = await fetch(`${this.url(service, index)}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(
      () => undefined,
    );
    const { partitions = [] } = ((await answer?.json().catch(() => ({}))) ?? {}) as { partitions?: number[] };
    return partitions.toSorted((a, b) => a - b);
  }

  /** Sends a signal; after SIGKILL returns when the process is gone. */
  async signal(service: MeshService, index: number, signal: NodeJS.Signals): Promise<void> {
    const { running } = this.member(service, index);
    running?.process.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await running?.finished;
  }

  /** Starts a process again that was ended. */
  async restart(service: MeshService, index: number): Promise<void> {
    const member = this.member(service, index);
    this.launch(member);
    await this.untilReady(member);
  }

  /** What all processes have logged, for a test that fails. */
  logs(): string {
    return this.members
      .map(({ service, port, running }) => `== ${service} ${port}\n${running?.output().stderr.slice(-4_000) ?? ''}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    for (const { running } of this.members) {
      running?.process.kill('SIGCONT');
      running?.process.kill('SIGKILL');
      await running?.finished;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private of(service: MeshService): readonly Member[] {
    return this.members.filter((member) => member.service === service);
  }

  private member(service: MeshService, index: number): Member {
    const member = this.of(service)[index];
    if (member === undefined) throw new Error(`there is no ${service} ${index}`);
    return member;
  }

  private launch(member: Member): void {
    const { service, port } = member;
    const workDir = join(this.folder, `agent-${port}`);
    if (service === 'agent') mkdirSync(workDir, { recursive: true });
    member.running = start(process.execPath, [join(root, `services/${service}/dist/main.js`)], {
      ...{ BROKER_URL: this.options.brokerUrl, BROKER_HEARTBEAT_SECONDS: '3' },
      ...{ BROKER_OFFERS_PARTITIONS: String(this.options.offersPartitions ?? 1) },
      ...{ HTTP_PORT: String(port), LOG_LEVEL: 'info' },
      ...(service === 'agent'
        ? {
            AGENT_WORK_DIR: workDir,
            AGENT_CONTAINERIZER: 'process',
            AGENT_RESOURCES: 'cpus:4;mem:1024;disk:1024',
          }
        : { PUBLIC_URL: this.url('registry', 0) }),
      ...(service === 'agent' || service === 'allocator' ? {} : { DATABASE_URL: this.options.databaseUrl }),
    });
  }

  private async untilReady({ service, port }: Member): Promise<void> {
    for (let attempt = 0; attempt < 1_200; attempt++) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${service} on port ${port} is not ready after 120 s\n${this.logs()}`);
  }
}
