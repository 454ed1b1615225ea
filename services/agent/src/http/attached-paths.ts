import { dirname, join } from 'node:path';
import type { AgentState } from '../checkpoint/agent-state.js';
import { type AgentPaths, LATEST_RUN } from '../paths.js';
import { LOG_PATH } from '../sandbox/sandbox-files.js';
import { shownFrameworks } from './agent-document.js';

/**
 * Under which names clients reach the agent's log and the sandboxes that it knows of, and where they are.
 *
 * @returns host paths by name, sorted by name
 * @source classic endpoints: virtual paths of the agent; recorded answer to `/files/debug`
 */
export function attachedPaths(
  state: AgentState,
  paths: AgentPaths,
  logFile: string | undefined,
): [name: string, path: string][] {
  const attached = new Map<string, string>(logFile === undefined ? [] : [[LOG_PATH, logFile]]);
  for (const { document } of shownFrameworks(state, paths)) {
    const framework = document.info.id?.value ?? '';
    // Newer runs of an executor come later: the links are theirs.
    for (const { info, directory } of [...document.completedExecutors, ...document.executors]) {
      const executor = info.executor_id.value;
      attached.set(directory, directory);
      attached.set(join(dirname(directory), LATEST_RUN), directory);
      attached.set(`/frameworks/${framework}/executors/${executor}/runs/${LATEST_RUN}`, directory);
    }
  }
  for (const { parentId, sandbox } of state.containers.all) if (parentId === undefined) attached.set(sandbox, sandbox);
  return [...attached].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
