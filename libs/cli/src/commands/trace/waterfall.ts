import type { TraceLog, TracePartView, TraceSpan, TraceView } from '@tranche/contracts';
import { ATTRIBUTE, BY_FRAMEWORK, SPAN } from '@tranche/telemetry';
import { isPlumbing, type Names, queueName, spanText, textOf } from './span-text.js';

/** A shorter wait in a queue than this is only shown where it delays a task: at the agent and on an update's way back. */
const QUEUE_WAIT_MS = 10;

/** A message that is published later than this after its span has ended belongs to what came then: the end of a task, not its launch. */
const PUBLISH_DELAY_MS = 1_000;

/** What has less than this share of itself on the way to the end ran beside it. */
const LEAST_SHARE = 0.1;

export interface WaterfallOptions {
  /** Only what concerns this task, of all those that were launched together. */
  taskId?: string;
  /** Every span as it is, also those that say nothing new. */
  isWide: boolean;
  /** Only the spans that the end waited for. */
  onlyCritical: boolean;
  withLogs: boolean;
}

/** One row of the picture. */
export interface Row {
  /** From the beginning of the trace. */
  offsetMs: number;
  /** `offers`, `agent n4`, `(queue)`, `framework`. */
  who: string;
  /** Lines that join it with the row it belongs to. */
  branch: string;
  title: string;
  note: string;
  /** Undefined for a moment and for log lines. */
  lengthMs: number | undefined;
  isError: boolean;
  /** Framework: it waited, it did not work. */
  isWait: boolean;
  isLog: boolean;
}

/** A log line and who wrote it. */
interface Line {
  log: TraceLog;
  who: string;
}

interface Node {
  span: TraceSpan;
  who: string;
  children: Node[];
  lines: Line[];
}

/** What a trace looks like, from top to bottom. */
export interface Waterfall {
  rows: Row[];
  startMs: number;
  /** `agent n4: spans no longer kept`. */
  missing: string[];
}

/** Arranges the spans of all services: groups by time, what belongs together below its parent. */
export function waterfallOf(view: TraceView, options: WaterfallOptions): Waterfall {
  const names = namesOf(view);
  const all = nodesOf(view.parts, options);
  const loose = options.withLogs ? attachLogs(view.parts, all) : [];
  const roots = nest(all.filter(({ span, lines }) => options.isWide || lines.length > 0 || !isPlumbing(span)));
  const startMs = all.reduce((first, { span }) => Math.min(first, span.startMs), Number.POSITIVE_INFINITY);
  const drawing = { names, startMs, options };
  const waits = all.flatMap(({ span }) => queueWait(span, drawing));
  const stretches = [
    ...roots.map((node) => ({ startMs: node.span.startMs, endMs: node.span.endMs, node })),
    ...waits.map((wait) => ({ startMs: wait.atMs, endMs: wait.atMs + (wait.rows[0]?.lengthMs ?? 0), wait })),
  ];
  const shown = options.onlyCritical ? critical(stretches) : stretches;
  const groups = [
    ...shown.map((one) => ('wait' in one ? one.wait : { atMs: one.startMs, rows: rowsOf(one.node, drawing) })),
    ...loose.map((line) => ({ atMs: line.log.timeMs, rows: [logRow(line, '', startMs)] })),
  ];
  const rows = groups.toSorted((a, b) => a.atMs - b.atMs).flatMap((group) => group.rows);
  return { rows, startMs, missing: missingOf(view.parts) };
}

function namesOf({ parts }: TraceView): Names {
  const hosts = new Map(parts.map(({ agentId, hostname }) => [agentId, hostname]));
  return { agent: (agentId) => hosts.get(agentId) ?? agentId };
}

/** As people call who made a span. */
export const whoOf = ({ service, hostname }: TracePartView): string =>
  hostname === undefined ? service : `agent ${hostname}`;

const missingOf = (parts: readonly TracePartView[]): string[] =>
  parts.flatMap((part) => (part.missing === undefined ? [] : [`${whoOf(part)}: ${part.missing}`]));

function nodesOf(parts: readonly TracePartView[], { taskId }: WaterfallOptions): Node[] {
  const nodes = new Map<string, Node>();
  for (const part of parts) {
    for (const span of part.spans) nodes.set(span.spanId, { span, who: whoIn(part, span), children: [], lines: [] });
  }
  return [...nodes.values()].filter((node) => taskId === undefined || concerns(taskId, node, nodes));
}

/** Whether a span is about the task: neither of another one, nor below a request that is about something else. */
function concerns(taskId: string, { span }: Node, nodes: ReadonlyMap<string, Node>): boolean {
  const about = span.attributes[ATTRIBUTE.taskId];
  if (about !== undefined) return about === taskId;
  if (span.kind === 'server') return span.attributes[ATTRIBUTE.tasks] !== undefined;
  const parent = span.parentSpanId === undefined ? undefined : nodes.get(span.parentSpanId);
  return parent === undefined || concerns(taskId, parent, nodes);
}

/** Puts log lines to their spans. @returns those whose span is not there */
function attachLogs(parts: readonly TracePartView[], nodes: readonly Node[]): Line[] {
  const byId = new Map(nodes.map((node) => [node.span.spanId, node]));
  const lines = parts.flatMap((part) => part.logs.map((log) => ({ log, who: whoOf(part) })));
  for (const line of lines) byId.get(line.log.spanId)?.lines.push(line);
  return lines.filter(({ log }) => !byId.has(log.spanId));
}

const whoIn = (part: TracePartView, { name, attributes }: TraceSpan): string =>
  name === SPAN.acknowledge || (name === SPAN.kill && (attributes[ATTRIBUTE.detail] ?? BY_FRAMEWORK) === BY_FRAMEWORK)
    ? 'framework'
    : whoOf(part);

/**
 * Puts spans below their parents.
 *
 * Only where one waits for the other or it is the allocator's share in it: a task's life is below its ACCEPT, but stands beside it.
 */
function nest(nodes: readonly Node[]): Node[] {
  const byId = new Map(nodes.map((node) => [node.span.spanId, node]));
  const roots: Node[] = [];
  for (const node of nodes.toSorted((a, b) => a.span.startMs - b.span.startMs)) {
    const parent = node.span.parentSpanId === undefined ? undefined : byId.get(node.span.parentSpanId);
    const isWithin = parent !== undefined && node.span.startMs <= parent.span.endMs;
    const isLaterPublished =
      parent !== undefined &&
      node.span.kind === 'producer' &&
      node.span.startMs <= parent.span.endMs + PUBLISH_DELAY_MS;
    const isAtOnce = isWithin || isLaterPublished;
    const belongs = parent !== undefined && ((isAtOnce && parent.who === node.who) || node.who === 'allocator');
    if (belongs) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}

/** Something that takes time: a span with what is below it, or a message's wait in a queue. */
type Stretch = { readonly startMs: number; readonly endMs: number } & (
  | { readonly node: Node }
  | { readonly wait: Group }
);

/** What the end waited for, from the last one backwards: at each moment what went on until then, or ended last before. */
function critical(stretches: readonly Stretch[]): Stretch[] {
  const path: Stretch[] = [];
  for (let untilMs = Number.POSITIVE_INFINITY; ; ) {
    const until = ({ endMs }: Stretch): number => Math.min(endMs, untilMs);
    const before = stretches.filter(
      (one) => one.startMs < untilMs && until(one) - one.startMs >= LEAST_SHARE * (one.endMs - one.startMs),
    );
    const [last] = before.toSorted((a, b) => until(b) - until(a) || a.startMs - b.startMs);
    if (last === undefined) return path.toReversed();
    untilMs = last.startMs;
    path.push('wait' in last ? last : { ...last, node: withCriticalChildren(last.node) });
  }
}

function withCriticalChildren(node: Node): Node {
  const children = node.children.map((child) => ({
    startMs: child.span.startMs,
    endMs: child.span.endMs,
    node: child,
  }));
  return { ...node, children: critical(children).flatMap((one) => ('node' in one ? [one.node] : [])) };
}

/** Rows that belong together, at the time of the first. */
interface Group {
  readonly atMs: number;
  readonly rows: Row[];
}

/** A row for the time that a message waited between its sender and its handling. */
function queueWait(span: TraceSpan, { names, startMs, options }: Drawing): Group[] {
  const sentMs = Number(span.attributes[ATTRIBUTE.sentMs] ?? Number.NaN);
  if (span.kind !== 'consumer' || Number.isNaN(sentMs)) return [];
  const lengthMs = Math.max(0, span.startMs - sentMs);
  const message = textOf(span, ATTRIBUTE.message);
  const delaysTask = message === 'launch-tasks.v1' || message === 'report-task-status.v1';
  if (!options.isWide && !delaysTask && lengthMs < QUEUE_WAIT_MS) return [];
  const row: Row = {
    ...{ offsetMs: sentMs - startMs, who: '(queue)', branch: '', title: queueName(span, names), lengthMs },
    ...{ note: message.replace(/\.v\d+$/, ''), isError: false, isWait: false, isLog: false },
  };
  return [{ atMs: sentMs, rows: [row] }];
}

interface Drawing {
  names: Names;
  startMs: number;
  options: WaterfallOptions;
}

function rowsOf(node: Node, drawing: Drawing, branch = '', below = ''): Row[] {
  const { span, who, children } = node;
  const isWait = span.name === SPAN.acknowledge;
  const isMoment = span.endMs - span.startMs < 0.001 || span.name === SPAN.resend || span.name === SPAN.kill;
  const own: Row = {
    offsetMs: span.startMs - drawing.startMs,
    who,
    branch,
    ...textIn(span, drawing),
    lengthMs: isMoment ? undefined : span.endMs - span.startMs,
    isError: span.error !== undefined,
    isWait,
    isLog: false,
  };
  const nested = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    return rowsOf(child, drawing, `${below} ${isLast ? '└' : '├'} `, `${below} ${isLast ? ' ' : '│'}`);
  });
  const lineBranch = `${below} ${children.length > 0 ? '│' : ' '} `;
  return [own, ...linesOf(node).map((line) => logRow(line, lineBranch, drawing.startMs)), ...nested];
}

function textIn(span: TraceSpan, { names, options }: Drawing): { title: string; note: string } {
  const text = spanText(span, names);
  return options.isWide ? { ...text, note: [text.note, span.spanId].filter((part) => part !== '').join('  ') } : text;
}

const linesOf = ({ lines }: Node): Line[] => lines.toSorted((a, b) => a.log.timeMs - b.log.timeMs);

const logRow = ({ log, who }: Line, branch: string, startMs: number): Row => ({
  ...{ offsetMs: Math.max(0, log.timeMs - startMs), who, branch, title: `${log.level} ${log.message}` },
  ...{ note: fieldsText(log.fields), lengthMs: undefined, isError: log.level === 'error', isWait: false, isLog: true },
});

const fieldsText = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
