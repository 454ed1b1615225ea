// Cuts recorded exchanges of operators with a real Mesos down to what is compared: requests, statuses, texts, and the shapes of JSON
// answers, with names in place of ids. Usage: node cut-operator-recordings.mjs FOLDER-OF-RECORDINGS; writes recordings/*.json beside itself.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapeOf } from './shape.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const folder = process.argv[2] ?? '.';
const FILES = [
  '10-master-v0-endpoints',
  '11-master-v0-writes',
  '12-master-v1-operator',
  '14-master-after-teardown',
  '15-master-drain',
  '16-master-auth',
  '20-agent-v0-endpoints',
  '21-agent-v1',
];

const named = (text) =>
  text
    .replace(new RegExp(`${UUID}-S0`, 'g'), '{agent}')
    .replace(new RegExp(`${UUID}-\\d{4}`, 'g'), '{framework}')
    .replace(new RegExp(UUID, 'g'), '{uuid}')
    // Names of frameworks and roles in those of metrics.
    .replace(/master\/frameworks\/[^/"]+\/\{framework\}/g, 'master/frameworks/{name}/{framework}')
    .replace(/(\/roles\/)[^/"]*(?=\/)/g, '$1{role}');

/** Head and body of what was sent or received. */
function partsOf(text) {
  const [head = '', ...body] = text.replace(/^\n+/, '').split('\n\n');
  const [line = '', ...lines] = head.split('\n');
  const headers = Object.fromEntries(lines.map((one) => one.split(/: ?(.*)/s)).map(([k, v]) => [k.toLowerCase(), v]));
  // What was seen besides is told behind the body.
  const [whole = ''] = body.join('\n\n').split(/^# /m);
  return { line, headers, body: whole.replace(/\n+$/, '') };
}

function answerOf(text) {
  const [raw] = text.split('\n-------- RESPONSE BODY');
  const { line, headers, body } = partsOf(raw);
  const status = Number(line.split(' ')[1]);
  const type = headers['content-type']?.split(';')[0];
  const answer = {
    status,
    ...(headers.allow ? { allow: headers.allow } : {}),
    ...(type ? { type } : {}),
    ...(headers['www-authenticate'] ? { realm: headers['www-authenticate'] } : {}),
  };
  if (type !== 'application/json') return { ...answer, body: named(body) };
  try {
    return { ...answer, shape: shapeOf(JSON.parse(named(body))) };
  } catch {
    return answer;
  }
}

for (const name of FILES) {
  const text = readFileSync(join(folder, `${name}.txt`), 'utf8').replaceAll('\r', '');
  const [, ...parts] = text.split(/^#{64}\n# (.*)\n#{64}\n/m);
  const exchanges = Array.from({ length: parts.length / 2 }, (_, i) => {
    const section = parts[2 * i + 1];
    const sent = partsOf(named(/^>{8} REQUEST.*\n([^]*?)^<{8}/m.exec(section)?.[1] ?? ''));
    const [method, path] = sent.line.split(' ');
    const { host: _h, 'content-length': _l, connection: _c, ...headers } = sent.headers;
    const answer = answerOf(/^<{8} RESPONSE.*\n([^]*)/m.exec(section)?.[1] ?? '');
    return { title: named(parts[2 * i]).trim(), request: { method, path, headers, body: sent.body }, answer };
  });
  const target = join(import.meta.dirname, 'recordings', `operator-${name}.json`);
  writeFileSync(target, `[\n${exchanges.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  process.stdout.write(`${target}: ${exchanges.length} exchanges\n`);
}

// The events of a stream: type and shape of each, in their order.
{
  const name = '13-master-v1-operator-subscribe';
  const text = readFileSync(join(folder, `${name}.txt`), 'utf8').replaceAll('\r', '');
  const [, decoded = ''] = text.split(/^-{8} DECODED RECORDIO EVENTS.*\n/m);
  const [records = ''] = decoded.split(/^-{8} connection/m);
  const events = records
    .split(/^\[t=\d+\] record of \d+ bytes\n/m)
    .slice(1)
    .map((record) => JSON.parse(named(record)))
    .map((event) => JSON.stringify({ type: event.type, shape: shapeOf(event) }));
  const target = join(import.meta.dirname, 'recordings', `operator-${name}.json`);
  writeFileSync(target, `[\n${events.join(',\n')}\n]\n`);
  process.stdout.write(`${target}: ${events.length} events\n`);
}
