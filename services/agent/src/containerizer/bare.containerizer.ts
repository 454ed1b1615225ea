import { AttachWarmup, ownProcsFile } from './cgroups/attach-warmup.js';
import { CgroupTree } from './cgroups/cgroup-tree.js';
import { createCpuController } from './cgroups/cpu-controller.js';
import { createMemoryController } from './cgroups/memory-controller.js';
import { BareDriver } from './bare/bare.driver.js';
import { describeCgroups } from './host-facts.js';
import { findInit } from './init-program.js';
import { createIsolators, LINUX_ISOLATION } from './isolators.js';
import { diskWatchOf } from './isolators/disk/disk-watch.js';
import { type ContainerizerContext, openAndProbe, type Opening } from './opening.js';
import { rootFoldersIn } from './rootfs/root-folders.js';
import { ContainerHome } from './supervision/container-home.js';
import { type SupervisedOptions } from './supervision/supervised.containerizer.js';
import { findTerminalPrograms } from './terminal/terminal-programs.js';

/** Containers of cgroups and util-linux, for machines without an OCI runtime. */
export async function openBareContainerizer(context: ContainerizerContext): Promise<Opening> {
  const refusal = whyNot(context);
  return refusal === undefined ? openAndProbe(context, assembleBare(context)) : { ok: false, reason: refusal };
}

function whyNot({ facts }: ContainerizerContext): string | undefined {
  if (!facts.isLinux) return 'not Linux';
  if (!facts.isRoot) return 'not root';
  if (facts.cgroups.mode === 'none') return 'cgroups are not mounted';
  const missing = ['unshare', 'setpriv'].find((program) => facts.find(program) === undefined);
  return missing === undefined ? undefined : `${missing} not found`;
}

export function assembleBare({ options, facts, users, searchPath, reasons }: ContainerizerContext): SupervisedOptions {
  const home = new ContainerHome(options.runtimeDir);
  const cgroups = new CgroupTree(facts.cgroups, options.cgroupsRoot);
  const warmup = new AttachWarmup(ownProcsFile(facts.cgroups, facts.ownCgroup));
  const isolators = createIsolators(options.isolation ?? LINUX_ISOLATION, {
    ...{ cgroups, init: findInit(facts), disk: diskWatchOf(options) },
    listProcesses: () => [],
    // It makes no container with an image, but looks after those of an OCI runtime.
    ...rootFoldersIn(options.rootfsFolder),
  });
  const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  const driver = new BareDriver({
    ...{ home, cgroups, warmup, searchPath },
    cpu: createCpuController(cgroups),
    memory: createMemoryController(cgroups),
    description: `no OCI runtime${why}, ${describeCgroups(facts.cgroups)}`,
    setpriv: facts.find('setpriv') ?? 'setpriv',
  });
  return { driver, home, isolators, users, terminals: findTerminalPrograms(facts), now: options.now };
}
