// The control plane that benches load, with the emulated fleet: as processes over RabbitMQ and MariaDB, or all in one process.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { Child, usageOf } from './child.mjs';
import { sentMessages, sumOfCounts } from './sent-messages.mjs';

/** As Mesos' agents; at one a second ten thousand of them would be all that there is to do. */
const HEARTBEAT_MS = '15000';

async function activeOf(mesh, service) {
  for (let attempt = 0; attempt < 10; attempt++) {
    const active = await mesh.active(service);
    if (active !== undefined) return active;
  }
  throw new Error(`no ${service} works`);
}

/** The mesh as processes over RabbitMQ and MariaDB, and the fleet in one more. @param profileFolder where every service leaves a CPU profile, if any */
export async function startMesh(profileFolder) {
  const { module } = await runnerImport(fileURLToPath(new URL('../../faults/mesh/mesh.ts', import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), 'tranche-bench-mesh-'));
  if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true });
  const nodeFlags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const env = { REGISTRY_AGENT_PING_TIMEOUT_MS: HEARTBEAT_MS, BROKER_HEARTBEAT_SECONDS: '30', LOG_LEVEL: 'warn' };
  const mesh = await module.Mesh.start({ folder, agents: [], env, nodeFlags, say: (line) => console.log(line) });
  const fleet = new Child('fleet-process.mjs');
  const servers = { RabbitMQ: await mesh.servers.brokerServer(), MariaDB: await mesh.servers.databaseServer() };
  return {
    name: 'RabbitMQ + MariaDB, 7 processes',
    // At the replica that works: one that waits relays a stream by the broker, which is another measure.
    schedulerUrl: (await activeOf(mesh, 'offers')).url,
    registryUrl: async () => (await activeOf(mesh, 'registry')).url,
    startAgents: (count, tasks) => fleet.ask('start', { agents: count, brokerUrl: mesh.brokerUrl, tasks }),
    /** Of each service, all replicas, and of what they stand on. */
    usage: () => ({
      ...Object.fromEntries(
        [...mesh.members].map(([service, members]) => [service, sumUsage(members.map(({ pid }) => usageOf(pid)))]),
      ),
      ...Object.fromEntries(
        Object.entries(servers).map(([name, { process: { id } = {} }]) => [
          name,
          id ? usageOf(id) : { cpuMs: 0, rssMib: 0 },
        ]),
      ),
      fleet: usageOf(fleet.pid),
    }),
    controlPlane: [...mesh.members.keys()],
    sent: async () => {
      const own = await Promise.all(mesh.all.map(async (member) => sentMessages(await member.get('/metrics', 10_000))));
      return sumOfCounts([...own, ...(await fleet.ask('sent'))]);
    },
    stop: async () => {
      await fleet.end();
      if (profileFolder !== undefined) await Promise.all(mesh.all.map((member) => member.end('SIGTERM')));
      await mesh.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startInProcess(profileFolder) {
  const execArgv = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const child = new Child('in-process.mjs', { env: { REGISTRY_AGENT_PING_TIMEOUT_MS: HEARTBEAT_MS }, execArgv });
  const [offersUrl, registryUrl] = await child.ask('urls');
  return {
    name: 'one process with the fleet, SQLite',
    schedulerUrl: offersUrl,
    registryUrl: async () => registryUrl,
    startAgents: (count, tasks) => child.ask('start', { agents: count, tasks }),
    usage: () => ({ process: usageOf(child.pid) }),
    controlPlane: ['process'],
    sent: async () => sumOfCounts(await child.ask('sent')),
    stop: () => child.end(),
  };
}

const sumUsage = (list) => ({
  cpuMs: list.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  rssMib: list.reduce((sum, { rssMib }) => sum + rssMib, 0),
});
