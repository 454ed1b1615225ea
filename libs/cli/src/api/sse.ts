import type { IncomingMessage } from 'node:http';

/** One server-sent event; comments are none. */
export interface SseEvent {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}

/** The events of an answer, as they come. @source WHATWG HTML, server-sent events */
export async function* sseEvents(answer: IncomingMessage): AsyncGenerator<SseEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer) {
    const blocks = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const found = eventOf(block);
      if (found !== undefined) yield found;
    }
  }
}

function eventOf(block: string): SseEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name !== undefined) fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const data = fields.get('data');
  const id = fields.get('id');
  return data === undefined
    ? undefined
    : { event: fields.get('event') ?? 'message', ...(id === undefined ? {} : { id }), data };
}
