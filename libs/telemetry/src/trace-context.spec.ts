import { describe, expect, it } from 'vitest';
import { formatTraceparent, newTrace, parseTraceparent } from './trace-context.js';

const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it('reads and writes the W3C form', () => {
    const context = parseTraceparent(header);
    expect(context).toEqual({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true });
    expect(context && formatTraceparent(context)).toBe(header);
  });

  it.each([undefined, '', 'x', header.toUpperCase(), header.replace(/^00/, 'ff'), header.replace(/[1-9a-f]/g, '0')])(
    'takes %s for no context',
    (text) => {
      expect(parseTraceparent(text)).toBeUndefined();
    },
  );

  it('begins a trace from random digits', () => {
    expect(newTrace((digits) => 'a'.repeat(digits))).toEqual({
      traceId: 'a'.repeat(32),
      spanId: 'a'.repeat(16),
      sampled: true,
    });
  });
});
