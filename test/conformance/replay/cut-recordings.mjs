// Cuts recorded exchanges with a real Mesos master down to what can be replayed: the requests, the answers, the decoded events, with names
// in place of ids. Usage: node cut-recordings.mjs FOLDER-OF-RECORDINGS; writes recordings/*.json beside itself.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RecordDecoder, decodeProtobuf, messageTypes } from '@tranche/mesos-api';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const folder = process.argv[2] ?? '.';
const out = join(import.meta.dirname, 'recordings');

/** Ids of the recorded cluster become names; `streams` are the stream ids in the order in which they were given. */
function named(text, streams) {
  let result = text;
  for (const [i, stream] of streams.entries()) result = result.replaceAll(stream, `{stream:${i}}`);
  return result
    .replace(new RegExp(`${UUID}-O(\\d+)`, 'g'), '{offer:$1}')
    .replace(new RegExp(`${UUID}-S0`, 'g'), '{agent}')
    .replace(new RegExp(`${UUID}-(\\d{4})`, 'g'), '{framework:$1}');
}

/** `uuid` of acknowledgements becomes the name of the update that it was sent with. */
function nameUuids(call, events) {
  const acknowledge = call.acknowledge ?? call.acknowledge_operation_status;
  if (!acknowledge) return;
  for (const { update, update_operation_status: operation } of events) {
    if (update?.status.uuid === acknowledge.uuid) {
      acknowledge.uuid = `{uuid:${update.status.task_id.value}:${update.status.state}}`;
    }
    if (operation?.status.uuid?.value === acknowledge.uuid) {
      acknowledge.uuid = `{uuid:${operation.status.operation_id.value}}`;
    }
  }
}

const headersOf = (lines) =>
  Object.fromEntries(lines.map((line) => line.split(/: ?/)).map(([k, v]) => [k.toLowerCase(), v]));

/** A request as text: `POST /path HTTP/1.1`, headers, blank line, body. */
function requestOf(text) {
  const [head, ...body] = text.replace(/^\n+/, '').split('\n\n');
  const [line, ...lines] = head.split('\n');
  const [method, path, version] = line.split(' ');
  const { host: _h, 'content-length': _l, connection: _c, ...headers } = headersOf(lines);
  return { method, path, ...(version === 'HTTP/1.0' ? { version } : {}), headers, body: body.join('\n\n').trim() };
}

function answerOf(text) {
  const [head, ...body] = text.replace(/^\n+/, '').split('\n\n');
  const [line, ...lines] = head.split('\n');
  const headers = headersOf(lines);
  const isStream = headers['transfer-encoding'] === 'chunked';
  const { allow, 'content-type': type } = headers;
  const kept = { ...(allow ? { allow } : {}), ...(type ? { 'content-type': type } : {}) };
  const rest = body.join('\n\n');
  const answer = { status: Number(line.split(' ')[1]), headers: kept };
  if (!isStream) return { ...answer, body: rest.replace(/\n+$/, '') };
  // The last line of a recording may have been cut off.
  const records = rest.split('\n').filter((one) => one.startsWith('{"type":') && one.endsWith('}'));
  const events = records.map((one) => JSON.parse(one));
  return { ...answer, events, ended: /\n0\n/.test(rest.split('\n--------')[0]) };
}

/** Sections of requests and answers, recorded by us as clients. */
function cutSections(text) {
  const [, ...parts] = text.split(/^#{64}\n# (.*)\n#{64}\n/m);
  return Array.from({ length: parts.length / 2 }, (_, i) => [parts[2 * i], parts[2 * i + 1]]).map(
    ([title, section]) => {
      const request = /^>{8} REQUEST.*\n([^]*?)^<{8}/m.exec(section)?.[1] ?? '';
      const answer = /^<{8} RESPONSE.*\n([^]*)/m.exec(section)?.[1] ?? '';
      const [raw] = answer.split('\n-------- HTTP CHUNKS');
      const decoded = [...answer.matchAll(/^\[t=\d+\] record of \d+ bytes\n(\{\n[^]*?\n\}|\{\})$/gm)];
      const exchange = { title, request: requestOf(request), answer: answerOf(raw) };
      if (decoded.length > 0) exchange.answer.events = decoded.map(([, json]) => JSON.parse(json));
      return exchange;
    },
  );
}

/** What a proxy saw between a client and the master. */
function cutProxied(text) {
  const blocks = [...text.matchAll(/^==== conn (\d) ([CS]) t=\d+ ms \d+ bytes\n([^]*?)(?=^==== conn )/gm)];
  const sent = blocks
    .filter(([, , who]) => who === 'C')
    .map(([, , , body]) => body.replace(/\n$/, ''))
    .join('');
  const calls = [...sent.matchAll(/POST (\S+) HTTP\/1\.1\n([^]*?)\n\n+(\{[^\n]*?\})(?=POST |\n|$)/g)];
  const events = text
    .split('\n')
    .filter((line) =>
      /^\{"type":"(SUBSCRIBED|HEARTBEAT|OFFERS|UPDATE|UPDATE_OPERATION_STATUS|MESSAGE|FAILURE|ERROR)"/.test(line),
    )
    .map((line) => JSON.parse(line));
  return calls.map(([, path, head, body], i) => {
    const { host: _h, 'content-length': _l, ...headers } = headersOf(head.trim().split('\n'));
    const answer =
      i === 0
        ? { status: 200, headers: { 'content-type': 'application/json' }, events, ended: false }
        : { status: 202, headers: {}, body: '' };
    return { title: JSON.parse(body).type, request: { method: 'POST', path, headers, body }, answer };
  });
}

/** The stream of the recording in protobuf, its records decoded. */
function cutProtobuf(text) {
  const [head, rest] = text.split('\nraw bytes of the stream, base64:\n');
  const [request, answer] = head.replace(/^#.*\n/gm, '').split(/(?=^HTTP\/1\.1 200)/m);
  const raw = Buffer.from(rest.replace(/\s/g, ''), 'base64');
  const records = new RecordDecoder();
  const events = [];
  for (let at = 0; at < raw.length; ) {
    const end = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.subarray(at, end).toString(), 16);
    for (const record of records.push(raw.subarray(end + 2, end + 2 + size))) {
      events.push(decodeProtobuf(messageTypes.SchedulerEvent, record).value);
    }
    at = end + 2 + size + 2;
  }
  const { body: _none, ...kept } = answerOf(answer);
  return [
    {
      title: 'SUBSCRIBE in JSON, stream in protobuf',
      request: requestOf(request),
      answer: { ...kept, events, ended: false },
    },
  ];
}

function cut(file) {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r', '');
  const name = basename(file);
  const exchanges = name.startsWith('04')
    ? cutProtobuf(text)
    : name.startsWith('3')
      ? cutProxied(text)
      : cutSections(text);
  const events = exchanges.flatMap(({ answer }) => answer.events ?? []);
  const streams = [...text.matchAll(/^Mesos-Stream-Id: (\S+)$/gm)]
    .map(([, id]) => id)
    .filter((id) => !id.startsWith('00000000'));
  for (const { request } of exchanges) {
    try {
      const call = JSON.parse(request.body);
      nameUuids(call, events);
      if (call.acknowledge || call.acknowledge_operation_status) request.body = JSON.stringify(call);
    } catch {
      // A request whose body is no JSON is kept as it is.
    }
  }
  // Subscriptions that stayed open are recorded as the last sections, when they were over; they were sent first.
  const isFirst = ({ title }) => (/stream of the whole|first 10|first SUBSCRIBE|second SUBSCRIBE/.test(title) ? 0 : 1);
  exchanges.sort((one, other) => isFirst(one) - isFirst(other));
  const target = join(out, `${file.startsWith('all-') ? 'all-capabilities-' : ''}${name.replace('.txt', '.json')}`);
  const rows = exchanges.map((exchange) => named(JSON.stringify(exchange), [...new Set(streams)]));
  writeFileSync(target, `[\n${rows.join(',\n')}\n]\n`);
  process.stdout.write(`${target}: ${rows.length} exchanges, ${events.length} events\n`);
}

const SESSION = [
  '00-subscribe-first-10-events',
  '01-scheduler-subscribe-and-calls',
  '02-scheduler-bad-requests',
  '03-scheduler-failover',
  '04-scheduler-subscribe-accept-protobuf',
];
const CLIENTS = [
  '30-client-mesos-execute-json',
  '32-client-test-http-framework-json',
  '33-client-operation-feedback-json',
];
for (const name of [...SESSION, ...CLIENTS]) cut(`${name}.txt`);
for (const name of SESSION) cut(`all-capabilities/${name}.txt`);
