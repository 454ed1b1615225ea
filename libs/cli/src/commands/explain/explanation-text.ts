import type { ExplanationView, FunnelStepView, HelpView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { EXIT_CODES } from '../../exit-code.js';
import { painter } from '../../output/cells.js';
import { isTable } from '../../output/list-view.js';
import { formatLongSpan } from '../../values/duration.js';
import { renderTable } from '../../output/table.js';
import { amountText, byNameText } from './amounts-by-name.js';

/**
 * Prints what was explained: text, or exactly the REST resource.
 *
 * @returns the exit code: whether something would be offered to any of them
 */
export function answer(
  context: CliContext,
  views: readonly ExplanationView[],
  text: (view: ExplanationView) => string,
): number {
  print(context, views, text);
  return views.some(({ offered }) => offered.agents > 0) ? EXIT_CODES.done : EXIT_CODES.nothingFits;
}

/** One resource as it is, several as items of a list. */
export function print<T>(context: CliContext, views: readonly T[], text: (view: T) => string): void {
  const { io, settings } = context;
  if (isTable(context)) return void io.stdout.write(views.map(text).join('\n'));
  if (settings.output === 'jsonl')
    return void io.stdout.write(views.map((view) => `${JSON.stringify(view)}\n`).join(''));
  io.stdout.write(`${JSON.stringify(views.length === 1 ? views[0] : { items: views }, undefined, 2)}\n`);
}

/** The answer in a sentence or two, the funnel, what is offered now, what would help. */
export function explanationText({ io, settings }: CliContext, view: ExplanationView): string {
  const paint = painter(settings.color);
  const ageMs = Math.max(0, io.clock.nowMs() - Date.parse(view.asOf.at));
  const hint = view.items === undefined ? '    every agent, every blocker: --agents' : '';
  const asOf = `as of run ${count(view.asOf.run)}, ${(ageMs / 1000).toFixed(1)} s ago${hint}`;
  const lines = [
    ...view.summary,
    `  ${agents(view.agents)}`,
    ...funnelLines(view.funnel),
    ...largestLine(view),
    offeredLine(view),
    ...helpLines(view.helps),
    ...historyLines(view),
    `  ${paint('dim', asOf)}`,
  ];
  return `${lines.join('\n')}\n${view.items === undefined ? '' : `\n${agentsTable(view.items)}`}`;
}

function funnelLines(funnel: readonly FunnelStepView[]): string[] {
  const numbers = funnel.map((step) => `−${count(step.agents)}`);
  const width = widest(numbers);
  const codes = widest(funnel.map(({ code }) => code));
  const texts = widest(funnel.map(({ text }) => text));
  return funnel.flatMap(({ code, text, left, also }, index) => [
    `  ${(numbers[index] ?? '').padEnd(width)}  ${code.padEnd(codes)}  ${text.padEnd(texts)}  ${count(left).padStart(6)}`,
    ...also.map((other) => `  ${' '.repeat(width)}  ${count(other.agents)} of them also  ${other.code}  ${other.text}`),
  ]);
}

/** For a shape that nobody has: where the most of each thing is. */
function largestLine({ shape, offered, largestFree, totalFree }: ExplanationView): string[] {
  if (shape === undefined || offered.agents > 0) return [];
  const wanted = largestFree.filter(({ name }) => name in shape.amounts);
  if (wanted.length === 0) return [];
  const parts = wanted.map(({ name, amount, hostname }) => `${amountText(name, amount)} on ${hostname}`);
  const total = Object.fromEntries(wanted.map(({ name }) => [name, totalFree[name] ?? 0]));
  return [`  largest free: ${parts.join(' · ')}    in all ${byNameText(total)}`];
}

function offeredLine({ offered, asOf }: ExplanationView): string {
  if (offered.agents === 0) return '  would be offered now: none';
  const next = `run.pending  the next run is due in ${asOf.nextRunInMs} ms`;
  return `  would be offered now: ${agents(offered.agents)} (${byNameText(offered.amounts)})    ${next}`;
}

function helpLines(helps: readonly HelpView[]): string[] {
  const rows = helps.flatMap((help) => {
    const meansOf = means(help);
    // Several commands do it together only: what comes of it stands beside the last.
    return meansOf.map((text, at) => ({ text, effects: at === meansOf.length - 1 ? effectsText(help) : '' }));
  });
  const width = widest(rows.map(({ text }) => text));
  return rows.map(({ text, effects }, index) =>
    `  ${index === 0 ? 'helps' : '     '}   ${text.padEnd(width)}    ${effects}`.trimEnd(),
  );
}

/** What does it: a command, several, or words. */
const means = ({ command, commands, text }: HelpView): readonly string[] => commands ?? [command ?? text];

function effectsText({ commands = [], agents: alone, later, withAllBefore }: HelpView): string {
  const effects = [
    `${agents(alone)} now`,
    ...(later === undefined ? [] : [`${count(later.agents)} in ${Math.ceil(later.inMs / 1000)} s`]),
    ...(withAllBefore === undefined ? [] : [`${count(withAllBefore)} with what is above`]),
  ];
  return `${commands.length > 1 ? `all ${commands.length}: ` : ''}${effects.join(', ')}`;
}

/** When the funnel looked how: the blocker of most agents last, as in the funnel itself. */
function historyLines({ history }: ExplanationView): string[] {
  if (history === undefined) return [];
  if (history.length === 0) return ['  moved   nothing is known: it did not wait for offers then'];
  return history.map(({ from, until, agents: all, offered, funnel }, index) => {
    const steps = funnel.map(({ code, agents: stopped }) => `−${count(stopped)} ${code}`).join('  ');
    const span = formatLongSpan(Date.parse(until) - Date.parse(from));
    const of = `${count(offered)} of ${count(all)} agents`;
    return `  ${index === 0 ? 'moved' : '     '}   ${from.slice(11, 19)}  ${span.padEnd(7)}  ${of}  ${steps}`.trimEnd();
  });
}

function agentsTable(items: NonNullable<ExplanationView['items']>): string {
  const rows = items.flatMap(({ hostname, blockers, offer }) =>
    offer === undefined
      ? blockers.map((blocker, index) => ({ hostname: index === 0 ? hostname : '', ...blocker }))
      : [{ hostname, code: 'offered', text: byNameText(offer) }],
  );
  return renderTable(
    [
      { title: 'AGENT', cell: ({ hostname }) => hostname },
      { title: 'BLOCKER', cell: ({ code }) => code },
      { title: 'VALUES', cell: ({ text }) => text },
    ],
    rows,
  );
}

const count = (value: number): string => value.toLocaleString('en');

const agents = (value: number): string => `${count(value)} ${value === 1 ? 'agent' : 'agents'}`;

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
