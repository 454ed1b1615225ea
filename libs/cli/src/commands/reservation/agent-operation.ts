import type { AgentOperationView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';

/** A change of what is reserved on an agent, as REST is asked for it. */
export interface AskedChange {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Asked before; undefined when nothing is lost by it. */
  readonly question?: string;
  /** `reserved cpus(web):2 on n4`; the words of a dry run are put before it. */
  readonly done: (view: AgentOperationView) => string;
}

/** Asks, has it done, prints. With `--dry-run` it is only judged. @returns exit code */
export async function changeAgent(context: CliContext, change: AskedChange): Promise<number> {
  const { method, path, body, question, done } = change;
  const isDry = context.flags.dryRun === true;
  if (question !== undefined && !isDry && !(await context.confirm(question))) return EXIT_CODES.failed;
  const query = isDry ? { dryRun: 'true' } : {};
  const view =
    method === 'POST'
      ? await context.api.post<AgentOperationView>(path, query, body)
      : await context.api.change<AgentOperationView>(method, path, query, body);
  if (view === undefined) return EXIT_CODES.done;
  const follow = view.operationId === undefined ? '' : `  (operation ${view.operationId})`;
  showOne(context, view, view.operationId ?? view.agentId, () => `${isDry ? 'would be ' : ''}${done(view)}${follow}\n`);
  return EXIT_CODES.done;
}
