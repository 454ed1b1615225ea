import type { TraceSpan } from '@tranche/contracts';
import { ATTRIBUTE, SPAN } from '@tranche/telemetry';

/** What is known beside the spans, to say things in people's words. */
export interface Names {
  /** Host name of an agent. */
  agent: (agentId: string) => string;
}

/** How a span is told: a title, and what is worth adding. */
export interface SpanText {
  title: string;
  note: string;
}

/** Messages by what their handling does for a task. */
const HANDLED: Readonly<Record<string, string>> = {
  'recover-resources.v1': 'recover unused resources',
  'kill-task.v1': 'kill',
  'launch-tasks.v1': 'take launches over',
  'report-task-status.v1': 'take update',
  'note-task-status.v1': 'note newest status',
  'acknowledge-status.v1': 'take acknowledgement',
};

/** Their sending and handling has rows of its own: the wait in the queue, the launch, the update, its acknowledgement. */
const UPDATES = ['report-task-status.v1', 'note-task-status.v1', 'acknowledge-status.v1'];
const TOLD_BY_OTHERS: Readonly<Record<string, readonly string[]>> = {
  consumer: ['launch-tasks.v1', ...UPDATES],
  producer: UPDATES,
};

/** A span that shows nothing that another row does not show. */
export const isPlumbing = (span: TraceSpan): boolean =>
  span.error === undefined &&
  span.attributes[ATTRIBUTE.tries] === undefined &&
  span.attributes[ATTRIBUTE.redelivered] === undefined &&
  (TOLD_BY_OTHERS[span.kind]?.includes(textOf(span, ATTRIBUTE.message)) ?? false);

/** How a row tells of a span. */
export function spanText(span: TraceSpan, names: Names): SpanText {
  const { title, notes } = plainText(span, names);
  const { attributes, error } = span;
  const all = [
    ...notes,
    attributes[ATTRIBUTE.tries] === undefined ? '' : `try ${attributes[ATTRIBUTE.tries]}`,
    attributes[ATTRIBUTE.redelivered] === true ? 'redelivered' : '',
    attributes[ATTRIBUTE.duplicate] === true ? 'repeated, without effect' : '',
    error === undefined ? '' : `failed: ${error}`,
  ];
  return { title, note: all.filter((note) => note !== '').join(', ') };
}

function plainText(span: TraceSpan, names: Names): { title: string; notes: string[] } {
  if (span.kind === 'server') return request(span);
  if (span.kind === 'producer') return sending(span, names);
  if (span.kind === 'consumer') return handling(span, names);
  const state = textOf(span, ATTRIBUTE.state);
  const detail = textOf(span, ATTRIBUTE.detail);
  const reason = textOf(span, ATTRIBUTE.reason)
    .replace(/^REASON_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
  switch (span.name) {
    case SPAN.checkpointStatus:
      return { title: `${state} checkpointed`, notes: [detail === '' ? reason : detail] };
    case SPAN.update:
      return { title: `UPDATE ${state} → stream`, notes: [reason] };
    case SPAN.resend:
      return { title: `update ${state} sent again`, notes: [`${span.attributes[ATTRIBUTE.resends]}. time`] };
    case SPAN.pullImage: {
      const [image = '', ...facts] = detail.split(', ');
      return { title: `pull ${image}`, notes: [facts.join(', ')] };
    }
    default:
      return { title: span.name, notes: [detail] };
  }
}

function request(span: TraceSpan): { title: string; notes: string[] } {
  const call = textOf(span, ATTRIBUTE.call);
  const status = span.attributes[ATTRIBUTE.httpStatus];
  const refused = typeof status === 'number' && status >= 400 ? `HTTP ${status}` : '';
  if (call === '') return { title: span.name, notes: [refused] };
  const { [ATTRIBUTE.offers]: offers, [ATTRIBUTE.tasks]: tasks } = span.attributes;
  const counts = [
    offers === undefined ? '' : counted(Number(offers), 'offer'),
    tasks === undefined ? '' : `LAUNCH ${counted(Number(tasks), 'task')}`,
  ].filter((part) => part !== '');
  return { title: [call, counts.join(', ')].filter((part) => part !== '').join('  '), notes: [refused] };
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function sending(span: TraceSpan, names: Names): { title: string; notes: string[] } {
  const place = `${textOf(span, ATTRIBUTE.messagingSystem)} ${queueName(span, names)}`;
  const count = Number(span.attributes[ATTRIBUTE.messagingBatchCount] ?? 1);
  const verb = span.error === undefined ? 'publish, confirmed' : 'publish';
  return { title: verb, notes: [place, count > 1 ? `with ${count - 1} more` : ''] };
}

function handling(span: TraceSpan, names: Names): { title: string; notes: string[] } {
  const message = textOf(span, ATTRIBUTE.message);
  const count = Number(span.attributes[ATTRIBUTE.messagingBatchCount] ?? 1);
  const title = HANDLED[message] ?? `${message.replace(/\.v\d+$/, '')} at ${queueName(span, names)}`;
  return { title, notes: [count > 1 ? `with ${count - 1} more` : ''] };
}

/** `agent.n4` for the queue of an agent, which has its id in its name. */
export function queueName(span: TraceSpan, names: Names): string {
  const queue = textOf(span, ATTRIBUTE.messagingDestination);
  return queue.startsWith('agent.') ? `agent.${names.agent(queue.slice('agent.'.length))}` : queue;
}

/** Text of an attribute; empty when there is none. */
export function textOf({ attributes }: Pick<TraceSpan, 'attributes'>, name: string): string {
  const value = attributes[name];
  return value === undefined ? '' : String(value);
}
