import { dirname, join } from 'node:path';
import type { AgentState } from '../checkpoint/agent-state.js';
import { type AgentPaths, LATEST_RUN } from '../paths.js';
import { shownFrameworks } from './agent-document.js';

/**
 * Under which names clients reach the sandboxes that the agent knows of, and where they are.
 *
 * @returns host paths by name, sorted by name
 * @source classic endpoints: virtual paths of the agent; recorded answer to `/files/debug`
 */
export function attachedPaths(state: AgentState, paths: AgentPaths): [name: string, path: string][] {
  const attached = new Map<string, string>();
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
