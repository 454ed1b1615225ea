import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

/**
 * Messages of OTLP as far as we send them, with their numbers on the wire.
 *
 * @source opentelemetry-proto 1.x: collector/trace, collector/logs, trace, logs, common, resource
 */
const PROTO = `
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; repeated Link links = 13; Status status = 15;
}
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Traces { repeated ResourceSpans resource_spans = 1; }
message LogRecord {
  fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6; bytes trace_id = 9; bytes span_id = 10;
}
message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message Logs { repeated ResourceLogs resource_logs = 1; }
`;

const types = protobuf.parse(PROTO, { keepCase: false }).root;

type Value = { stringValue?: string; boolValue?: boolean; intValue?: string | number; doubleValue?: number };
interface KeyValue {
  key: string;
  value: Value;
}
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number; message?: string };
}
interface WireLog {
  traceId?: string;
  spanId?: string;
  severityText: string;
  severityNumber: number;
  body: Value;
  attributes?: KeyValue[];
}

/** A span as a tracing backend would have it. */
export interface ReceivedSpan extends Omit<WireSpan, 'attributes'> {
  resource: Record<string, unknown>;
  scope: string;
  attributes: Record<string, unknown>;
}

export interface ReceivedLog {
  resource: Record<string, unknown>;
  traceId: string | undefined;
  spanId: string | undefined;
  severity: string;
  body: unknown;
  attributes: Record<string, unknown>;
}

/** A collector: takes OTLP over HTTP, protobuf and JSON, and decodes all of it. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly logs: ReceivedLog[] = [];
  readonly requests: { path: string; headers: IncomingMessage['headers'] }[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.take(request, Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' }).end();
      });
    });
  }

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(createServer());
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take(request: IncomingMessage, raw: Buffer): void {
    const path = request.url ?? '';
    this.requests.push({ path, headers: request.headers });
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const isJson = request.headers['content-type'] === 'application/json';
    if (path === '/v1/traces') this.takeTraces(isJson ? JSON.parse(body.toString()) : decode('Traces', body));
    if (path === '/v1/logs') this.takeLogs(isJson ? JSON.parse(body.toString()) : decode('Logs', body));
  }

  private takeTraces(request: {
    resourceSpans: {
      resource: { attributes: KeyValue[] };
      scopeSpans: { scope: { name: string }; spans: WireSpan[] }[];
    }[];
  }): void {
    for (const { resource, scopeSpans } of request.resourceSpans) {
      for (const { scope, spans } of scopeSpans) {
        for (const span of spans) {
          const attributes = plain(span.attributes);
          this.spans.push({ ...span, resource: plain(resource.attributes), scope: scope.name, attributes });
        }
      }
    }
  }

  private takeLogs(request: {
    resourceLogs: { resource: { attributes: KeyValue[] }; scopeLogs: { logRecords: WireLog[] }[] }[];
  }): void {
    for (const { resource, scopeLogs } of request.resourceLogs) {
      for (const { traceId, spanId, severityText, body, attributes } of scopeLogs.flatMap((s) => s.logRecords)) {
        this.logs.push({
          resource: plain(resource.attributes),
          traceId,
          spanId,
          severity: severityText,
          body: valueOf(body),
          attributes: plain(attributes),
        });
      }
    }
  }
}

/** As OTLP's JSON has it: ids in hex, 64-bit numbers as texts. */
function decode(type: string, bytes: Buffer): never {
  const message = types.lookupType(type);
  const object: unknown = message.toObject(message.decode(bytes), { longs: String, bytes: Array });
  return JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    /Id$/.test(key) && Array.isArray(value) ? Buffer.from(value as number[]).toString('hex') : value,
  ) as never;
}

const plain = (pairs: readonly KeyValue[] = []): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]));

function valueOf({ stringValue, boolValue, intValue, doubleValue }: Value): unknown {
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue));
}
