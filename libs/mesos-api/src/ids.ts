/**
 * Ids as branded strings: handing an agent's id to something that wants an offer's does not compile. In v1 documents ids
 * are `{ value }` objects with a plain string; `agentId(text)` and its kin brand such a text.
 */
type Id<Brand extends string> = string & { readonly __id: Brand };

export type FrameworkId = Id<'framework'>;
export type AgentId = Id<'agent'>;
export type OfferId = Id<'offer'>;
export type TaskId = Id<'task'>;
export type ExecutorId = Id<'executor'>;
export type ContainerId = Id<'container'>;

export const frameworkId = (text: string): FrameworkId => text as FrameworkId;
export const agentId = (text: string): AgentId => text as AgentId;
export const offerId = (text: string): OfferId => text as OfferId;
export const taskId = (text: string): TaskId => text as TaskId;
export const executorId = (text: string): ExecutorId => text as ExecutorId;
export const containerId = (text: string): ContainerId => text as ContainerId;

const MAX_ID_BYTES = 255;
// oxlint-disable-next-line no-control-regex -- control characters are what the rule forbids
const FORBIDDEN = /[\u0000-\u001f\u007f/\\]/;

/**
 * Why a text cannot be the id of a task, executor, framework, agent or persistent volume.
 *
 * @returns Mesos' error text, or undefined when the id is valid
 * @source formats: ids; Mesos 1.11 behaviour
 */
export function idError(text: string): string | undefined {
  if (text === '') return 'ID must not be empty';
  if (Buffer.byteLength(text) > MAX_ID_BYTES) return `ID must not be greater than ${MAX_ID_BYTES} characters`;
  if (text === '.' || text === '..') return `'${text}' is disallowed`;
  if (FORBIDDEN.test(text)) return `'${text}' contains invalid characters`;
  return undefined;
}
