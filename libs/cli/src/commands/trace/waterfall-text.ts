import type { TaskView, TraceSpan, TraceView } from '@tranche/contracts';
import { ATTRIBUTE, SPAN } from '@tranche/telemetry';
import type { Paint } from '../../output/cells.js';
import { stateWord } from '../../values/task-words.js';
import { textOf } from './span-text.js';
import { type Row, type Waterfall, whoOf } from './waterfall.js';

const BAR_WIDTH = 16;
const EIGHTHS = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;

/** A longer pause than this between two rows is drawn as one. */
const PAUSE_MS = 60_000;

/** The waterfall as lines of text. */
export function waterfallText(waterfall: Waterfall, paint: Paint): string[] {
  const { rows } = waterfall;
  const whoWidth = widest(rows.map(({ who }) => who));
  const titleWidth = widest(rows.filter(({ isLog }) => !isLog).map(({ branch, title }) => branch + title));
  const scaleMs = Math.max(...rows.filter(({ isWait }) => !isWait).map(({ lengthMs }) => lengthMs ?? 0), 1);
  const lines = rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const isAfterPause = before !== undefined && row.offsetMs - endOf(before) > PAUSE_MS;
    return [...(isAfterPause ? [' …'] : []), rowText(row, { whoWidth, titleWidth, scaleMs }, paint)];
  });
  return [...lines, ...waterfall.missing.map((text) => paint('yellow', text))];
}

const widest = (texts: readonly string[]): number => texts.reduce((width, text) => Math.max(width, text.length), 0);

const endOf = ({ offsetMs, lengthMs = 0 }: Row): number => offsetMs + lengthMs;

interface Widths {
  whoWidth: number;
  titleWidth: number;
  scaleMs: number;
}

function rowText(row: Row, { whoWidth, titleWidth, scaleMs }: Widths, paint: Paint): string {
  const head = ` ${lengthText(row.offsetMs).padEnd(9)} ${row.who.padEnd(whoWidth)}  `;
  const title = `${row.branch}${row.title}`;
  if (row.isLog) return paint(row.isError ? 'red' : 'dim', `${head}${title}  ${row.note}`.trimEnd());
  const length = row.lengthMs === undefined ? '' : `${lengthText(row.lengthMs, true)}${row.isWait ? ' waited' : ''}`;
  const bar = row.lengthMs === undefined || row.isWait ? '' : barOf(row.lengthMs / scaleMs);
  const note = row.isError ? paint('red', row.note) : row.note;
  return `${head}${title.padEnd(titleWidth)}  ${bar.padEnd(BAR_WIDTH)} ${length.padEnd(8)} ${note}`.trimEnd();
}

/** @param share 0 to 1 of the longest */
function barOf(share: number): string {
  const eighths = Math.max(1, Math.round(Math.min(share, 1) * BAR_WIDTH * 8));
  const rest = eighths % 8;
  return '█'.repeat(Math.floor(eighths / 8)) + (rest === 0 ? '' : EIGHTHS[rest - 1]);
}

/** `0.6 ms`, `120 ms`, `6.12 s`, `2m 3s`, `2h 3m`. @param isFine tenths of a millisecond for what is short */
export function lengthText(ms: number, isFine = false): string {
  if (ms < 9.95 && isFine) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes}m ${Math.floor(ms / 1000) % 60}s`;
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** The line above the waterfall: what it is of, how it went, where the time went. */
export function headline(view: TraceView, task: TaskView | undefined): string {
  const spans = view.parts.flatMap((part) => part.spans.map((span) => ({ span, who: whoOf(part) })));
  const own = spans.map(({ span }) => span).filter((span) => task === undefined || isOf(span, task.id));
  const what = [
    task?.name ?? first(own, ATTRIBUTE.taskName),
    task?.frameworkName ?? first(own, ATTRIBUTE.frameworkName),
    task === undefined ? '' : `agent ${task.agentHostname}`,
    `trace ${view.traceId}`,
  ].filter((part) => part !== '');
  const how = [outcome(own, view), slowest(own)].filter((part) => part !== '');
  return `${what.join(' · ')}${how.length === 0 ? '' : `      ${how.join(' · ')}`}`;
}

const isOf = ({ attributes }: TraceSpan, taskId: string): boolean =>
  attributes[ATTRIBUTE.taskId] === undefined || attributes[ATTRIBUTE.taskId] === taskId;

const first = (spans: readonly TraceSpan[], attribute: string): string =>
  spans.map((span) => textOf(span, attribute)).find((text) => text !== '') ?? '';

const startOf = (spans: readonly TraceSpan[]): number =>
  spans.reduce((startMs, span) => Math.min(startMs, span.startMs), Number.POSITIVE_INFINITY);

/** `running after 6.81 s`, `finished after 2m 3s`: the last state that the agent wrote down. */
function outcome(spans: readonly TraceSpan[], { parts }: TraceView): string {
  const states = spans.filter(({ name }) => name === SPAN.checkpointStatus).toSorted((a, b) => a.startMs - b.startMs);
  const last = states.at(-1);
  if (last === undefined) return '';
  const isWhole = parts.every(({ missing }) => missing === undefined);
  const word = stateWord(textOf(last, ATTRIBUTE.state));
  return isWhole ? `${word} after ${lengthText(last.endMs - startOf(spans))}` : word;
}

/** The longest piece of work on the way to running: what the others wait for, not what contains them. */
function slowest(spans: readonly TraceSpan[]): string {
  const launch = spans.find(({ name }) => name === SPAN.launch);
  if (launch === undefined || launch.endMs - launch.startMs <= 0) return '';
  const pieces = spans.filter(({ parentSpanId, startMs }) => parentSpanId === launch.spanId && startMs <= launch.endMs);
  const [longest] = pieces.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  if (longest === undefined) return '';
  const lengthMs = longest.endMs - longest.startMs;
  const share = Math.round((lengthMs / (launch.endMs - launch.startMs)) * 100);
  const state = textOf(longest, ATTRIBUTE.state);
  return `slowest: ${state === '' ? longest.name : `${state} checkpointed`} ${lengthText(lengthMs, true)} (${share} %)`;
}
