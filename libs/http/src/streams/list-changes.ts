import type { Page } from '@tranche/contracts';
import { nameOfItem } from '../lists/item-names.js';
import type { SseEvent } from './sse-stream.js';

type Item = Readonly<Record<string, unknown>>;

/** What a client has been sent of a list. Compares each new page with it. */
export class ListChanges {
  private sent = new Map<string, { readonly item: Item; readonly text: string }>();

  /** @param source the process that counts `asOf`: numbers of another one mean nothing here */
  constructor(private readonly source: string) {}

  /** The whole page, and that this was all. */
  begin(page: Page<object>): SseEvent[] {
    this.note(page);
    return [...page.items.map((data) => ({ event: 'snapshot', data })), this.ready(page)];
  }

  /** Goes on where the client was: nothing has changed since. @returns undefined when that cannot be said */
  resume(page: Page<object>, lastEventId: string): SseEvent[] | undefined {
    if (lastEventId !== this.idOf(page)) return undefined;
    this.note(page);
    return [this.ready(page)];
  }

  /** What is new, other, or gone since the page before. The last event has the id. */
  next(page: Page<object>): SseEvent[] {
    const before = this.sent;
    this.note(page);
    const events: SseEvent[] = [];
    for (const [key, { item, text }] of this.sent) {
      if (before.get(key)?.text !== text) events.push({ event: 'changed', data: item });
    }
    for (const [key, { item }] of before) if (!this.sent.has(key)) events.push({ event: 'removed', data: item });
    const last = events.pop();
    return last === undefined ? [] : [...events, { ...last, id: this.idOf(page) }];
  }

  private note(page: Page<object>): void {
    this.sent = new Map(
      (page.items as Item[]).map((item) => {
        const text = JSON.stringify(item);
        return [nameOfItem(item) ?? text, { item, text }] as const;
      }),
    );
  }

  private ready(page: Page<object>): SseEvent {
    return { event: 'ready', data: { asOf: page.asOf }, id: this.idOf(page) };
  }

  private idOf({ asOf }: Page<object>): string {
    return `${this.source}:${asOf}`;
  }
}
