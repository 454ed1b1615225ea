import { CgroupTree } from './cgroups/cgroup-tree.js';
import { createIsolators, POSIX_ISOLATION } from './isolators.js';
import { diskWatchOf } from './isolators/disk/disk-watch.js';
import { type ContainerizerContext, openAndProbe, type Opening } from './opening.js';
import { ProcessSurvey } from './processes/process-tree.js';
import { ProcessDriver } from './process/process.driver.js';
import { ownUser } from './processes/user.js';
import { ContainerHome } from './supervision/container-home.js';
import type { SupervisedOptions } from './supervision/supervised.containerizer.js';
import { findTerminalPrograms } from './terminal/terminal-programs.js';

/** Plain processes, which run anywhere: without root, without cgroups, off Linux. */
export async function openProcessContainerizer(context: ContainerizerContext): Promise<Opening> {
  return openAndProbe(context, assembleProcess(context));
}

/** Whatever isolation was asked for, there is only one that plain processes can have. */
export function assembleProcess({
  options,
  facts,
  users,
  searchPath,
  reasons,
}: ContainerizerContext): SupervisedOptions {
  const home = new ContainerHome(options.runtimeDir);
  const survey = new ProcessSurvey();
  const isolators = createIsolators(POSIX_ISOLATION, {
    cgroups: new CgroupTree(facts.cgroups, options.cgroupsRoot),
    disk: diskWatchOf(options),
    listProcesses: (pid) => survey.list(pid),
  });
  const causes = [...reasons, 'limits are not enforced'];
  const driver = new ProcessDriver({
    ...{ home, searchPath },
    description: `plain processes (${causes.join('; ')})`,
    setpriv: facts.isRoot ? facts.find('setpriv') : undefined,
    ownUser: ownUser().name,
  });
  return { driver, home, isolators, users, terminals: findTerminalPrograms(facts), now: options.now };
}
