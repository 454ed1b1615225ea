import { describe, expect, it } from 'vitest';
import { runInTrace, runWithTracer } from '../active-context.js';
import { parseTraceparent, type TraceContext } from '../trace-context.js';
import { type HttpAsking, inHttpClientSpan, targetOf } from './http-client-span.js';
import { ringTracer } from './ring-tracer.js';
import { silentTracer, type Tracer } from './tracer.js';

const trace: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const target = targetOf('https://user:hunter2@files.example/a/b.tgz?X-Signature=hunter2#x');
const ask = (tracer: Tracer, run: (asking: HttpAsking) => Promise<unknown>): Promise<unknown> =>
  runWithTracer(tracer, () => runInTrace(trace, () => inHttpClientSpan('GET', target, run)));

describe('inHttpClientSpan', () => {
  it('is a span of the trace, whose id is sent on, and tells nothing that may be secret', async () => {
    const tracer = ringTracer('agent', 1 << 20);
    let sent: TraceContext | undefined;
    await ask(tracer, async ({ headers, answered }) => {
      sent = parseTraceparent(headers.traceparent);
      answered(200);
    });
    const [span] = tracer.ring?.find(trace.traceId)?.spans ?? [];
    expect(span).toMatchObject({
      ...{ name: 'GET', kind: 'client', spanId: sent?.spanId, parentSpanId: trace.spanId },
      attributes: {
        'http.request.method': 'GET',
        'server.address': 'files.example',
        'server.port': 443,
        'url.path': '/a/b.tgz',
        'http.response.status_code': 200,
      },
    });
    expect(JSON.stringify(span)).not.toContain('hunter2');
  });

  it('fails with the request, and with a server that fails', async () => {
    const tracer = ringTracer('agent', 1 << 20);
    await ask(tracer, async ({ answered }) => answered(503));
    await expect(ask(tracer, () => Promise.reject(new Error('connection refused')))).rejects.toThrow();
    const spans = tracer.ring?.find(trace.traceId)?.spans ?? [];
    expect(spans.map(({ error }) => error)).toEqual(['HTTP 503', 'connection refused']);
  });

  it('sends the trace on where nothing is recorded, and nothing outside of a trace', async () => {
    const sent: unknown[] = [];
    const note = async ({ headers }: HttpAsking) => void sent.push(headers.traceparent);
    await ask(silentTracer, note);
    await inHttpClientSpan('GET', target, note);
    expect(sent).toEqual([`00-${trace.traceId}-${trace.spanId}-01`, undefined]);
  });
});
