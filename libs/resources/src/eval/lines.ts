/**
 * Lines of a text that arrives in pieces; only `\n` ends a line, and a last line without it counts.
 *
 * Only new pieces are searched, so that one line of a hundred megabytes costs no more than many short ones.
 */
export async function* splitLines(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void> {
  let pending: string[] = [];
  for await (const chunk of chunks) {
    const parts = chunk.split('\n');
    const last = parts.pop() as string;
    for (const part of parts) {
      pending.push(part);
      yield pending.join('');
      pending = [];
    }
    pending.push(last);
  }
  const rest = pending.join('');
  if (rest !== '') yield rest;
}
