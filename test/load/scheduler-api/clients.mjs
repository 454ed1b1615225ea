import { Agent, request } from 'node:http';
import { decodeBody, encodeProtobuf, messageTypes, RecordDecoder } from '@tranche/mesos-api';

/** Calls share so many connections; more only wait for the two cores. */
const CONNECTIONS = 32;

/** Schedulers that do as little as possible: what is measured is the service. */
export class Clients {
  #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  #url;
  #mediaType;
  /** @type {{ id: string, streamId: string, connection: import('node:http').ClientRequest }[]} */
  frameworks = [];
  /** Events so far, heartbeats aside. */
  events = 0;
  onEvent = () => undefined;

  constructor(url, mediaType) {
    this.#url = url;
    this.#mediaType = mediaType;
  }

  async subscribe(count) {
    while (this.frameworks.length < count) {
      const batch = Math.min(50, count - this.frameworks.length);
      this.frameworks.push(...(await Promise.all(Array.from({ length: batch }, () => this.#open()))));
    }
  }

  async #open() {
    const capabilities = [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }];
    const framework_info = { user: 'u', name: 'bench', roles: ['web'], capabilities, failover_timeout: 0 };
    const body = this.#encode({ type: 'SUBSCRIBE', subscribe: { framework_info } });
    const framework = { id: '', streamId: '', connection: undefined };
    await new Promise((resolve, reject) => {
      const headers = { 'Content-Type': this.#mediaType, Accept: this.#mediaType };
      framework.connection = request(`${this.#url}/api/v1/scheduler`, { method: 'POST', headers }, (response) => {
        framework.streamId = response.headers['mesos-stream-id'];
        const records = new RecordDecoder();
        response.on('data', (chunk) => {
          for (const record of records.push(chunk)) this.#take(framework, record, resolve);
        });
        response.on('error', () => undefined);
      });
      framework.connection.on('error', reject).end(body);
    });
    return framework;
  }

  #take(framework, record, subscribed) {
    const event = decodeBody(messageTypes.SchedulerEvent, this.#mediaType, record).value;
    if (event.type === 'HEARTBEAT') return;
    if (event.type === 'SUBSCRIBED') {
      framework.id = event.subscribed.framework_id.value;
      subscribed();
      return;
    }
    this.events++;
    this.onEvent(framework, event);
  }

  /** @returns the status */
  call(framework, call) {
    const body = this.#encode({ framework_id: { value: framework.id }, ...call });
    const headers = {
      'Content-Type': this.#mediaType,
      'Mesos-Stream-Id': framework.streamId,
      'Content-Length': Buffer.byteLength(body),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#url}/api/v1/scheduler`,
        { method: 'POST', headers, agent: this.#agent },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        },
      );
      sent.on('error', reject).end(body);
    });
  }

  close() {
    for (const { connection } of this.frameworks) connection.destroy();
    this.#agent.destroy();
  }

  #encode(call) {
    return this.#mediaType === 'application/json'
      ? JSON.stringify(call)
      : encodeProtobuf(messageTypes.SchedulerCall, call);
  }
}
