import type { ExplanationView, FrameworkView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { showing, type Register } from '../../command-action.js';
import { parseDurationMs } from '../../values/duration.js';
import { matchIds } from '../../names/match-things.js';
import { answer, explanationText } from './explanation-text.js';
import type { ExplainFlags } from './shape.js';

/** Frameworks that a name is looked for among: the newest. */
const MAX_LOOKED_THROUGH = 1000;

/** `tranche explain framework`: why it gets no offers. */
export const registerExplainFramework: Register = (explain, cli) => {
  explain
    .command('framework')
    .description('why a framework gets no offers, in --role or its first role')
    .argument('<FRAMEWORK>', 'a name, an id or its beginning')
    .option('--since <DURATION>', 'how its obstacles have moved in this time, an hour at most: 1h')
    .action(showing<ExplainFlags>(cli, (context, [name = ''], flags) => explainFramework(context, name, flags)));
};

/** @returns exit code */
export async function explainFramework(
  context: CliContext,
  name: string,
  { role, agents, since }: ExplainFlags,
): Promise<number> {
  const sinceMs = since === undefined ? undefined : parseDurationMs(since, '--since');
  const { items } = await context.api.list<FrameworkView>('/v1/frameworks', {}, MAX_LOOKED_THROUGH);
  const ids = chosenIds(items, name);
  const views = await Promise.all(
    ids.map((id) =>
      context.api.get<ExplanationView>(`/v1/explain/frameworks/${encodeURIComponent(id)}`, {
        role,
        agents: agents ? true : undefined,
        sinceMs,
      }),
    ),
  );
  return answer(context, views, (view) => explanationText(context, view));
}

/** Those that live; of removed ones the last. */
function chosenIds(frameworks: readonly FrameworkView[], name: string): string[] {
  const things = frameworks.map((one) => ({ id: one.id, otherName: one.name }));
  const ids = matchIds(things, name, 'framework', 'tranche framework ls --all');
  const matches = frameworks.filter(({ id }) => ids.has(id));
  const live = matches.filter(({ state }) => state !== 'removed');
  const latest = matches.toSorted((a, b) => a.registeredAt.localeCompare(b.registeredAt)).slice(-1);
  return (live.length > 0 ? live : latest).map(({ id }) => id);
}
