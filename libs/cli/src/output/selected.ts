import { isSelected, type LabelSelector, parseSelector } from '@tranche/contracts';
import { UsageError } from '../cli.errors.js';

/** What `-l` asks for: `k=v,k!=v`; a bare `k` asks that there is such a label. @throws UsageError */
export function readSelector(text: string): LabelSelector {
  const read = parseSelector(text);
  if ('unread' in read) throw new UsageError(`-l: "${read.unread}" is not of the form NAME=VALUE or NAME!=VALUE`);
  return read;
}

/** The text of `-l` for a server, which does the choosing. @throws UsageError */
export function checkedSelector(text: string | undefined): string | undefined {
  if (text !== undefined) readSelector(text);
  return text;
}

/** Those of tasks that `-l` asks for. @throws UsageError */
export function selected<T extends { readonly labels: Readonly<Record<string, string>> }>(
  items: readonly T[],
  selector: string | undefined,
): T[] {
  if (selector === undefined) return [...items];
  const wanted = readSelector(selector);
  return items.filter(({ labels }) => isSelected(wanted, (key) => labels[key]));
}
