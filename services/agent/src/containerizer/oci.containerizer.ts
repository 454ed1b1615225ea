import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AttachWarmup, ownProcsFile } from './cgroups/attach-warmup.js';
import { CgroupTree } from './cgroups/cgroup-tree.js';
import { createCpuController } from './cgroups/cpu-controller.js';
import { createMemoryController } from './cgroups/memory-controller.js';
import { describeCgroups } from './host-facts.js';
import { findInit } from './init-program.js';
import { createIsolators, LINUX_ISOLATION } from './isolators.js';
import { diskWatchOf } from './isolators/disk/disk-watch.js';
import { OciDriver, type OciRuntime } from './oci/oci.driver.js';
import { type ContainerizerContext, openAndProbe, type Opening, type RuntimeName } from './opening.js';
import { ContainerHome } from './supervision/container-home.js';
import type { SupervisedOptions } from './supervision/supervised.containerizer.js';
import { rootFoldersIn } from './rootfs/root-folders.js';
import { findTerminalPrograms } from './terminal/terminal-programs.js';

/** The one to prefer first: crun takes a quarter of runc's time and memory. */
const RUNTIMES: readonly RuntimeName[] = ['crun', 'runc'];

/**
 * Containers of an OCI runtime: the isolators compose a runtime spec, crun or runc carries it out, conmon watches over it.
 *
 * Tries, in this order, crun started by its pipe, crun started by its command, runc; takes the first that runs `true`.
 */
export async function openOciContainerizer(context: ContainerizerContext): Promise<Opening> {
  const { runtime: wanted = 'auto' } = context.options;
  const names = wanted === 'auto' ? RUNTIMES : [wanted];
  const found = names.filter((name) => context.facts.find(name) !== undefined);
  const refusal = found.length === 0 ? `${names[0]} not found` : whyNot(context);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const reasons: string[] = [];
  for (const name of found) {
    const path = context.facts.find(name) ?? name;
    const version = await versionOf(path);
    for (const startsByPipe of name === 'crun' ? [true, false] : [false]) {
      const opening = await tryRuntime(context, { name, path, version, startsByPipe });
      if (opening.ok) return opening;
      if (!reasons.includes(opening.reason)) reasons.push(opening.reason);
    }
  }
  return { ok: false, reason: reasons.join('; ') };
}

function whyNot({ facts, options }: ContainerizerContext): string | undefined {
  if (!facts.isLinux) return 'not Linux';
  if (facts.find('conmon') === undefined) return 'conmon not found';
  if (!facts.isRoot) return 'not root';
  if (facts.cgroups.mode === 'none') return 'cgroups are not mounted';
  // Without a mount namespace the runtimes bind the host's root over itself, in the host's namespace, and leave it there.
  const isolation = options.isolation ?? LINUX_ISOLATION;
  return isolation.includes('filesystem/linux') ? undefined : 'an OCI runtime needs the isolator filesystem/linux';
}

async function tryRuntime(context: ContainerizerContext, runtime: OciRuntime): Promise<Opening> {
  const opening = await openAndProbe(context, assembleOci(context, runtime));
  return opening.ok ? opening : { ok: false, reason: `${runtime.name} does not work: ${opening.reason}` };
}

function assembleOci(context: ContainerizerContext, runtime: OciRuntime): SupervisedOptions {
  const { options, facts, users, searchPath } = context;
  const home = new ContainerHome(options.runtimeDir);
  const cgroups = new CgroupTree(facts.cgroups, options.cgroupsRoot);
  const warmup = new AttachWarmup(ownProcsFile(facts.cgroups, facts.ownCgroup));
  const init = findInit(facts);
  const isolators = createIsolators(options.isolation ?? LINUX_ISOLATION, {
    cgroups,
    init,
    disk: diskWatchOf(options),
    listProcesses: () => [],
    ...rootFoldersIn(options.rootfsFolder),
  });
  const conmon = facts.find('conmon') ?? 'conmon';
  const description = `${runtime.name} ${runtime.version}, ${describeCgroups(facts.cgroups)}`;
  const controllers = { cpu: createCpuController(cgroups), memory: createMemoryController(cgroups) };
  const driver = new OciDriver({ runtime, conmon, home, cgroups, controllers, warmup, description, searchPath });
  return { driver, home, isolators, users, terminals: findTerminalPrograms(facts), now: options.now };
}

/** `1.8.1` of `crun version 1.8.1`, the first line that both runtimes print. */
async function versionOf(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version']);
  return /version (\S+)/.exec(stdout)?.[1] ?? '';
}
