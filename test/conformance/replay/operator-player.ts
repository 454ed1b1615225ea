import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readFileSync } from 'node:fs';
import { type Shape, shapeDifferences, shapeOf } from './shape.js';

/** One request of an operator to a real Mesos, and what it answered. Ids are names: `{agent}`, `{framework}`, `{uuid}`. */
export interface OperatorExchange {
  readonly title: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly answer: {
    readonly status: number;
    readonly allow?: string;
    readonly type?: string;
    /** Value of `WWW-Authenticate`. */
    readonly realm?: string;
    /** Of answers that are no JSON. */
    readonly body?: string;
    /** Of JSON. */
    readonly shape?: Shape;
  };
}

export const operatorRecording = (name: string): OperatorExchange[] =>
  JSON.parse(readFileSync(new URL(`recordings/operator-${name}.json`, import.meta.url), 'utf8')) as OperatorExchange[];

/** Ids of this cluster, for the names in the recordings. */
export interface OperatorNames {
  readonly agent: string;
  readonly framework: string;
}

/** Sends a recorded request. @returns in what the answer differs from the recorded one */
export async function replayed(url: string, exchange: OperatorExchange, names: OperatorNames): Promise<string[]> {
  const { title, request: asked, answer: recorded } = exchange;
  const own = (text: string): string =>
    text.replaceAll('{agent}', names.agent).replaceAll('{framework}', names.framework);
  const answer = await send(url, { ...asked, path: own(asked.path), body: own(asked.body) });
  return differencesOf(recorded, answer, names).map((difference) => `${title}: ${difference}`);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

function differencesOf(recorded: OperatorExchange['answer'], answer: Answer, names: OperatorNames): string[] {
  if (answer.status !== recorded.status) return [`status ${answer.status} instead of ${recorded.status}`];
  const differences: string[] = [];
  const [type] = String(answer.headers['content-type'] ?? '').split(';');
  if (recorded.type !== undefined && type !== recorded.type)
    differences.push(`type ${type} instead of ${recorded.type}`);
  if (recorded.allow !== undefined && answer.headers['allow'] !== recorded.allow) {
    differences.push(`allows ${String(answer.headers['allow'])} instead of ${recorded.allow}`);
  }
  if (recorded.realm !== undefined && answer.headers['www-authenticate'] !== recorded.realm) {
    differences.push(`asks for ${String(answer.headers['www-authenticate'])} instead of ${recorded.realm}`);
  }
  const text = named(answer.text, names);
  // The recorded Mesos sends a body to HEAD, too, which HTTP does not allow.
  if (text === '' && recorded.shape !== undefined) return differences;
  if (recorded.shape !== undefined)
    return [...differences, ...shapeDifferences(recorded.shape, shapeOf(JSON.parse(text)))];
  // A whole document within a call: its shape was compared without.
  if (type === 'text/javascript') return text.startsWith('cb(') ? differences : [...differences, 'is no call of cb'];
  if (recorded.body !== undefined && !recorded.body.includes('\\x') && text.trim() !== placed(recorded.body).trim()) {
    differences.push(`"${text.trim().slice(0, 200)}" instead of "${recorded.body.trim().slice(0, 200)}"`);
  }
  return differences;
}

/** Where the agent is differs. */
const placed = (text: string): string => text.replace(/slave\(1\)@\S+ \(\S+?\)/g, 'slave(1)@{address} ({host})');

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** As the recordings are named. */
const named = (text: string, { agent }: OperatorNames): string =>
  placed(text)
    .replaceAll(agent, '{agent}')
    .replace(new RegExp(`${UUID.source}-\\d{4}`, 'g'), '{framework}')
    .replace(UUID, '{uuid}')
    .replace(/master\/frameworks\/[^/"]+\/\{framework\}/g, 'master/frameworks/{name}/{framework}')
    .replace(/(\/roles\/)[^/"]*(?=\/)/g, '$1{role}');

function send(url: string, { method, path, headers, body }: OperatorExchange['request']): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
    const { 'accept-encoding': _compressed, ...kept } = headers;
    const sent = request(url, { method, path, headers: { ...kept, ...length } }, (answer) => {
      buffer(answer).then(
        (whole) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: whole.toString() }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
