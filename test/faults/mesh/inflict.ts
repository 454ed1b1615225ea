import type { ServerProcess } from '@tranche/test-servers';
import { type Fault, faultText } from './fault.js';
import type { Mesh } from './mesh.js';
import { type MeshMember, pause } from './mesh-member.js';

/** What was done, as it came about. Times are epoch milliseconds. */
export interface Inflicted {
  readonly fault: Fault;
  /** `offers-2`. */
  readonly victim: string;
  readonly atMs: number;
  /** When it was undone and its target was ready again. */
  readonly overAtMs: number;
  /** Nothing else was broken at the time: how long it took is its own doing. */
  readonly isAlone: boolean;
}

/**
 * Does one fault, and undoes it after its time.
 *
 * @returns when the target serves again; undefined when there was nothing to do it to, e.g. no replica works
 */
export async function inflict(mesh: Mesh, fault: Fault, say: (line: string) => void): Promise<Inflicted | undefined> {
  const { kind, target, holdMs } = fault;
  if (kind === 'fill') return withUndo(fault, target, say, fillDisk(mesh, target), holdMs);
  if (kind === 'cut' || kind === 'refuse' || kind === 'freeze')
    return withUndo(fault, target, say, breakNetwork(mesh, fault), holdMs);
  const server = await serverOf(mesh, target);
  if (server !== undefined) return withUndo(fault, target, say, hitServer(server, kind), holdMs);
  const member = await memberOf(mesh, fault);
  if (member === undefined || !member.isRunning) {
    say(`nobody to ${faultText(fault)}`);
    return undefined;
  }
  return withUndo(fault, member.name, say, hitMember(member, kind), holdMs);
}

/** Does something when called; what it returns undoes it. */
type Deed = () => Promise<() => Promise<void>>;

async function withUndo(
  fault: Fault,
  victim: string,
  say: (line: string) => void,
  deed: Deed,
  holdMs: number,
): Promise<Inflicted> {
  const atMs = Date.now();
  say(`${faultText(fault)}${victim === fault.target ? '' : ` (${victim})`}`);
  const undo = await deed();
  await pause(holdMs);
  await undo();
  return { fault, victim, atMs, overAtMs: Date.now(), isAlone: false };
}

const fillDisk =
  (mesh: Mesh, target: string): Deed =>
  async () => {
    const disk = mesh.disks.get(Number(target.slice('agent'.length)));
    disk?.fill();
    return async () => disk?.empty();
  };

const breakNetwork =
  (mesh: Mesh, { kind, target }: Fault): Deed =>
  async () => {
    const proxy = target === 'broker' ? mesh.proxies.broker : mesh.proxies.database;
    if (kind === 'cut') proxy.cut();
    else if (kind === 'refuse') proxy.refuse(true);
    else proxy.freeze(true);
    return async () => {
      if (kind === 'refuse') proxy.refuse(false);
      if (kind === 'freeze') proxy.freeze(false);
    };
  };

async function serverOf(mesh: Mesh, target: string): Promise<ServerProcess | undefined> {
  if (target === 'broker') return (await mesh.servers.brokerServer()).process;
  if (target === 'database') return (await mesh.servers.databaseServer()).process;
  return undefined;
}

const hitServer =
  (server: ServerProcess, kind: Fault['kind']): Deed =>
  async () => {
    server.signal(kind === 'pause' ? 'SIGSTOP' : 'SIGKILL');
    if (kind === 'pause') return async () => server.signal('SIGCONT');
    await server.ended();
    return () => server.startAgain();
  };

async function memberOf(mesh: Mesh, { target, which }: Fault): Promise<MeshMember | undefined> {
  if (target.startsWith('agent')) return mesh.agents.find(({ name }) => name === target);
  if (which === 'only') return mesh.of(target)[0];
  const active = await mesh.active(target);
  return which === 'active' ? active : mesh.of(target).find((member) => member !== active && member.isRunning);
}

const hitMember =
  (member: MeshMember, kind: Fault['kind']): Deed =>
  async () => {
    if (kind === 'pause') {
      member.signal('SIGSTOP');
      return async () => member.signal('SIGCONT');
    }
    await member.end(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
    return async () => {
      member.launch();
      await member.untilReady();
    };
  };
