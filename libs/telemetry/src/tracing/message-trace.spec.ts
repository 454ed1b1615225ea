import { describe, expect, it } from 'vitest';
import { extractTrace, injectTrace, MAX_LINKS } from './message-trace.js';

const context = (digit: string) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16), sampled: true });

describe('the trace of a message', () => {
  it('arrives as it was sent, with a link for each further item', () => {
    const sent = { parent: context('a'), links: [context('b'), context('c')], sentMs: 1_764_000_000_000.125 };
    expect(extractTrace(injectTrace(sent))).toEqual(sent);
  });

  it('needs no header when there is none', () => {
    expect(injectTrace({ parent: undefined, links: [], sentMs: undefined })).toEqual({});
    expect(extractTrace({})).toEqual({ parent: undefined, links: [], sentMs: undefined });
  });

  it('reads headers that come as bytes, and ignores those that make no sense', () => {
    const headers = { ...injectTrace({ parent: context('a'), links: [], sentMs: 5 }), 'tranche-links': 'x,,y' };
    const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
    expect(extractTrace(bytes)).toEqual({ parent: context('a'), links: [], sentMs: 5 });
    expect(extractTrace({ traceparent: 7, 'tranche-sent-ms': 'soon' })).toEqual({
      parent: undefined,
      links: [],
      sentMs: undefined,
    });
  });

  it('keeps its headers small however many items the message has', () => {
    const links = Array.from({ length: 1_000 }, (_, i) => ({ ...context('d'), spanId: `${i + 1}`.padStart(16, '0') }));
    const headers = injectTrace({ parent: context('a'), links, sentMs: 1 });
    expect(extractTrace(headers).links).toEqual(links.slice(0, MAX_LINKS));
    expect(JSON.stringify(headers).length).toBeLessThan(8_192);
  });
});
