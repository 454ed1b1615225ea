import type { AgentOperationView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { type TargetChange, changeTargets } from '../../targets/change-targets.js';
import type { AllMatchingFlag } from '../../targets/choose-targets.js';

/** A request that changes what is reserved on an agent. */
export interface AskedChange {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** A change of what is reserved on agents. */
export interface AgentChange<T>
  extends Pick<TargetChange<T, AgentOperationView>, 'kind' | 'nameOf' | 'question' | 'isLossy'> {
  /** @throws UsageError */
  readonly ask: (target: T) => AskedChange;
  /** `reserved cpus(web):2 on n4`; the words of a dry run are put before it. */
  readonly done: (target: T, view: AgentOperationView) => string;
}

/** Asks, has it done for each, prints. With `--dry-run` it is only judged. @returns exit code */
export function changeAgents<T>(
  context: CliContext,
  targets: readonly T[],
  { ask, done, ...change }: AgentChange<T>,
  { allMatching = false }: AllMatchingFlag,
): Promise<number> {
  return changeTargets<T, AgentOperationView>(
    context,
    targets,
    {
      ...change,
      send: async (target, isTrial) => {
        const { method, path, body } = ask(target);
        return context.api.change<AgentOperationView>(method, path, isTrial ? { dryRun: 'true' } : {}, body);
      },
      text: (target, view, isTrial) => {
        const follow = view.operationId === undefined ? '' : `  (operation ${view.operationId})`;
        return `${isTrial ? 'would be ' : ''}${done(target, view)}${follow}`;
      },
      idOf: (_target, view) => view.operationId ?? view.agentId,
    },
    allMatching,
  );
}
