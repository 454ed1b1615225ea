import { Agent, request } from 'node:http';
import { RecordDecoder } from '@tranche/mesos-api';

const FRAMEWORKS = 4;
/** Far longer than any call takes. */
const ANSWER_WITHIN_MS = 10_000;
/** What is remembered of a framework's offers and updates, to speak of in calls. */
const REMEMBERED = 20;

/** Some frameworks that live and listen, and the connections that mutated calls go over. */
export class Caller {
  #cluster;
  #connections = new Agent({ keepAlive: true, maxSockets: 16 });
  #frameworks = [];

  constructor(cluster) {
    this.#cluster = cluster;
  }

  known() {
    return { frameworks: this.#frameworks, agents: this.#cluster.agents };
  }

  /** Begins a round: fresh frameworks with offers. */
  async subscribeAll() {
    this.#frameworks = await Promise.all(Array.from({ length: FRAMEWORKS }, () => this.#subscribe()));
  }

  /** Ends a round: whoever lives is torn down. */
  async endAll() {
    for (const framework of this.#frameworks) await this.#tearDown(framework);
    // Those that mutated calls have taken over or subscribed anew end by themselves or by the operator.
    const { items } = await (await fetch(`${this.#cluster.url}/v1/frameworks`)).json();
    for (const { id, state } of items) {
      if (state === 'removed') continue;
      await fetch(`${this.#cluster.url}/teardown`, { method: 'POST', body: `frameworkId=${encodeURIComponent(id)}` });
    }
  }

  close() {
    this.#connections.destroy();
  }

  /** Sends a call. @returns its status; of a stream the first record is awaited and its framework forgotten */
  async send(call) {
    const answer = await this.#exchange(call);
    if (!answer.isStream) await this.#keepTalking(call.framework, answer);
    return answer;
  }

  /** A framework whose stream is gone, or that has no offers left, is served again, so that calls reach further than the first check. */
  async #keepTalking(framework, { status, body }) {
    const isGone =
      status === 403 ||
      (status === 400 && (body.startsWith('Framework cannot be found') || body.startsWith('The stream ID')));
    if (isGone && framework.isOver && !framework.isReplaced) {
      framework.isReplaced = true;
      const at = this.#frameworks.indexOf(framework);
      if (at >= 0) this.#frameworks[at] = await this.#subscribe();
    } else if (status === 202 && ++framework.accepted % 5 === 0) await this.#cluster.offer(framework.id);
  }

  #exchange({ method, path, headers, body }) {
    return new Promise((resolve, reject) => {
      const target = new URL(path, this.#cluster.url);
      const sent = request(target, {
        method,
        headers: { ...headers, 'content-length': body.length },
        agent: this.#connections,
      });
      sent.on('error', reject);
      sent.setTimeout(ANSWER_WITHIN_MS, () => sent.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)));
      sent.on('response', (response) => {
        const isStream = response.headers['mesos-stream-id'] !== undefined;
        const chunks = [];
        response.on('data', (chunk) => {
          chunks.push(chunk);
          if (isStream) sent.destroy();
        });
        const done = () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString(), isStream });
        response.on('close', done);
        response.on('error', done);
      });
      sent.end(body);
    });
  }

  async #subscribe() {
    const framework = {
      id: '',
      streamId: '',
      offers: [],
      inverseOffers: [],
      updates: [],
      accepted: 0,
      isOver: false,
      isReplaced: false,
    };
    const framework_info = {
      user: 'u',
      name: 'fuzz',
      roles: ['web', 'batch'],
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
      checkpoint: true,
    };
    const body = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info } });
    await new Promise((resolve, reject) => {
      const sent = request(`${this.#cluster.url}/api/v1/scheduler`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      framework.connection = sent;
      sent.on('error', (error) => (framework.id === '' ? reject(error) : undefined));
      sent.on('response', (response) => {
        framework.streamId = response.headers['mesos-stream-id'];
        const decoder = new RecordDecoder();
        response.on('data', (chunk) => {
          for (const record of decoder.push(chunk)) note(framework, JSON.parse(record.toString()));
          if (framework.id !== '') resolve();
        });
        response.on('close', () => (framework.isOver = true));
        response.on('error', () => undefined);
      });
      sent.end(body);
    });
    await this.#cluster.offer(framework.id);
    return framework;
  }

  async #tearDown(framework) {
    const body = Buffer.from(JSON.stringify({ type: 'TEARDOWN', framework_id: { value: framework.id } }));
    const headers = { 'content-type': 'application/json', 'mesos-stream-id': framework.streamId };
    await this.#exchange({ method: 'POST', path: '/api/v1/scheduler', headers, body });
    framework.connection.destroy();
  }
}

function note(framework, event) {
  if (event.type === 'SUBSCRIBED') framework.id = event.subscribed.framework_id.value;
  for (const { id } of event.offers?.offers ?? []) remember(framework.offers, id.value);
  for (const { id } of event.inverse_offers?.inverse_offers ?? []) remember(framework.inverseOffers, id.value);
  const status = event.update?.status;
  if (status?.uuid)
    remember(framework.updates, { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid });
}

function remember(list, item) {
  list.push(item);
  if (list.length > REMEMBERED) list.shift();
}
