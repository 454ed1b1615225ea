import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CgroupTree } from './cgroups/cgroup-tree.js';
import { describeCgroups } from './host-facts.js';
import { createIsolators, LINUX_ISOLATION } from './isolators.js';
import { OciDriver, type OciRuntime } from './oci/oci.driver.js';
import { type ContainerizerContext, type Opening, probe } from './opening.js';
import { ContainerHome } from './supervision/container-home.js';
import { SupervisedContainerizer } from './supervision/supervised.containerizer.js';

/** The container's PID 1, the statically linked one first: it starts in half the time. */
const INITS = ['tini-static', 'tini', 'catatonit'];

/**
 * Containers of an OCI runtime: the isolators compose a runtime spec, crun or runc carries it out, conmon watches over it.
 *
 * Tries, in this order, crun started by its pipe, crun started by its command, runc; takes the first that runs `true`.
 */
export async function openOciContainerizer(context: ContainerizerContext): Promise<Opening> {
  const refusal = whyNot(context);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const { runtime: wanted = 'auto' } = context.options;
  const names = wanted === 'auto' ? (['crun', 'runc'] as const) : [wanted];
  const reasons: string[] = [];
  for (const name of names) {
    const path = context.facts.find(name);
    if (path === undefined) {
      reasons.push(`${name} not found`);
      continue;
    }
    const version = await versionOf(path);
    for (const startsByPipe of name === 'crun' ? [true, false] : [false]) {
      const opening = await tryRuntime(context, { name, path, version, startsByPipe });
      if (opening.ok) return opening;
      reasons.push(opening.reason);
    }
  }
  return { ok: false, reason: reasons.find((reason) => !reason.endsWith('not found')) ?? reasons[0] ?? 'no runtime' };
}

function whyNot({ facts, options }: ContainerizerContext): string | undefined {
  if (!facts.isLinux) return 'not Linux';
  if (!facts.isRoot) return 'not root';
  if (facts.cgroups.mode === 'none') return 'cgroups are not mounted';
  if (facts.find('conmon') === undefined) return 'conmon not found';
  // Without a mount namespace the runtimes bind the host's root over itself, in the host's namespace, and leave it there.
  const isolation = options.isolation ?? LINUX_ISOLATION;
  return isolation.includes('filesystem/linux') ? undefined : 'an OCI runtime needs the isolator filesystem/linux';
}

async function tryRuntime(context: ContainerizerContext, runtime: OciRuntime): Promise<Opening> {
  const { options, facts, users, searchPath } = context;
  const home = new ContainerHome(options.runtimeDir);
  const cgroups = new CgroupTree(facts.cgroups, options.cgroupsRoot);
  const init = INITS.map(facts.find).find((path) => path !== undefined);
  const isolators = createIsolators(options.isolation ?? LINUX_ISOLATION, { cgroups, init, listProcesses: () => [] });
  const conmon = facts.find('conmon') ?? 'conmon';
  const description = `${runtime.name} ${runtime.version}, ${describeCgroups(facts.cgroups)}`;
  const driver = new OciDriver({ ...{ runtime, conmon, home, cgroups, description, init, searchPath } });
  try {
    const containerizer = await SupervisedContainerizer.open({ driver, home, isolators, users, now: options.now });
    const fault = await probe(containerizer, options.runtimeDir);
    if (fault === undefined) return { ok: true, containerizer };
    await containerizer.close();
    return { ok: false, reason: `${runtime.name} does not work: ${firstLine(fault)}` };
  } catch (error) {
    return { ok: false, reason: `${runtime.name} does not work: ${firstLine(String(error))}` };
  }
}

/** `1.8.1` of `crun version 1.8.1`, the first line that both runtimes print. */
async function versionOf(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version']);
  return /version (\S+)/.exec(stdout)?.[1] ?? '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
