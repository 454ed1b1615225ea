import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  decodeBody,
  encodeBody,
  type MachineID,
  type MasterCall,
  type MasterEvent,
  type MasterResponse,
  type MediaType,
  messageTypes,
  type Offer,
  RecordDecoder,
  type Resource,
} from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { commandTask, Scheduler, takeResources } from '@tranche/scheduler';
import { LocalCluster } from '../../e2e/local-cluster.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: Buffer;
}

interface ClassicAgent {
  readonly id: string;
  readonly hostname: string;
}

/** A framework that keeps every offer, or launches one task on the first. */
export class Actor {
  readonly offers = new Map<string, Offer>();
  readonly states: string[] = [];
  rescinded = 0;
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;

  constructor(
    url: string,
    readonly role: string,
    private readonly command?: string,
    private readonly labels?: Readonly<Record<string, string>>,
  ) {
    const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }];
    const pairs = Object.entries(labels ?? {}).map(([key, value]) => ({ key, value }));
    const framework = { user: 'root', capabilities, ...(pairs.length > 0 && { labels: { labels: pairs } }) };
    this.scheduler = new Scheduler({ url, framework: { ...framework, name: role, roles: [role] } });
    this.running = this.run();
    // One that an operator ends hears of it by an error; who waits for its end gets it all the same.
    this.running.catch(() => undefined);
  }

  get id(): string {
    return this.scheduler.frameworkId ?? '';
  }

  /** All that is offered to it, in canonical text. */
  get text(): string {
    const all = [...this.offers.values()].flatMap(({ resources = [] }) => resources);
    return Resources.fromJson(all).withoutAllocationRole().toText();
  }

  async end(): Promise<void> {
    await this.scheduler.teardown();
    await this.running;
  }

  /** When somebody else has ended it. */
  ended(): Promise<void> {
    return this.running;
  }

  private async run(): Promise<void> {
    let isLaunched = this.command === undefined;
    for await (const event of this.scheduler) {
      if (event.type === 'offers') {
        for (const offer of event.offers) {
          const taken = isLaunched ? undefined : takeResources(offer.resources ?? [], { cpus: 0.1, memMb: 32 });
          if (taken?.ok !== true) {
            this.offers.set(offer.id.value, offer);
            continue;
          }
          isLaunched = true;
          const labels = this.labels === undefined ? {} : { labels: this.labels };
          const task = { id: `${this.role}-1`, command: this.command ?? '', cpus: 0.1, memMb: 32, ...labels };
          const info = commandTask(task, { agentId: offer.agent_id.value, resources: taken.taken });
          await this.scheduler.launch(offer, [info]);
        }
      }
      if (event.type === 'rescind' && this.offers.delete(event.offerId)) this.rescinded++;
      if (event.type === 'update') this.states.push(event.status.state);
    }
  }
}

/** The local cluster with three agents, and an operator that speaks one encoding. */
export class OperatorStage {
  private readonly actors: Actor[] = [];
  private count = 0;

  private constructor(
    readonly mediaType: MediaType,
    readonly cluster: LocalCluster,
    readonly agents: readonly ClassicAgent[],
  ) {}

  static async start(mediaType: MediaType): Promise<OperatorStage> {
    const cluster = await LocalCluster.start('--agents', '3', '--resources', 'cpus:4;mem:4096;disk:20000');
    const { slaves } = await cluster.get<{ slaves: ClassicAgent[] }>('/slaves');
    return new OperatorStage(mediaType, cluster, slaves);
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
  }

  /** Ends what a rule has left. */
  async leaveAll(): Promise<void> {
    await Promise.all(this.actors.splice(0).map((actor) => actor.end().catch(() => undefined)));
  }

  get agentId(): string {
    return this.agents[0]?.id ?? '';
  }

  get isJson(): boolean {
    return this.mediaType === 'application/json';
  }

  machineOf(agent: ClassicAgent | undefined): MachineID {
    return { hostname: agent?.hostname ?? '', ip: '127.0.0.1' };
  }

  /** A name that no rule has used. */
  newRole(): string {
    return `${this.isJson ? 'j' : 'p'}${++this.count}`;
  }

  /** A framework of a role of its own that keeps its offers. */
  holder(role = this.newRole()): Actor {
    return this.actor(role);
  }

  /** A framework that runs a command. */
  runner(command = 'sleep 600', role = this.newRole()): Actor {
    return this.actor(role, command);
  }

  private actor(role: string, command?: string): Actor {
    const actor = new Actor(this.cluster.url, role, command);
    this.actors.push(actor);
    return actor;
  }

  call(call: MasterCall): Promise<Answer> {
    const { mediaType } = this;
    return this.send('POST', '/api/v1', encodeBody(messageTypes.MasterCall, mediaType, call), {
      'content-type': mediaType,
      accept: mediaType,
    });
  }

  /** Status and text, which is all that most rules are about. */
  async told(call: MasterCall): Promise<[status: number, text: string]> {
    const { status, text } = await this.call(call);
    return [status, text];
  }

  /** The answer to a call that has one. @throws for another status than 200 */
  async ask(call: MasterCall): Promise<MasterResponse> {
    const { status, text, body } = await this.call(call);
    const decoded = decodeBody(messageTypes.MasterResponse, this.mediaType, body);
    if (status !== 200 || !decoded.ok) throw new Error(`${call.type}: ${status} ${text}`);
    return decoded.value;
  }

  /** What an agent has, as GET_AGENTS says. */
  async totalOf(agentId = this.agentId): Promise<string> {
    const { get_agents } = await this.ask({ type: 'GET_AGENTS' });
    const agent = get_agents?.agents?.find(({ agent_info }) => agent_info.id?.value === agentId);
    // Each resource has its reservations in both formats.
    const resources = (agent?.total_resources ?? []).map(
      ({ role: _role, reservation: _old, ...resource }): Resource => resource,
    );
    return Resources.fromJson(resources).toText();
  }

  /** The event stream while something is done, and a moment longer. */
  async events(act: () => Promise<void>, until: string): Promise<MasterEvent[]> {
    const leaving = new AbortController();
    const answer = await fetch(`${this.cluster.url}/api/v1`, {
      method: 'POST',
      body: new Uint8Array(encodeBody(messageTypes.MasterCall, this.mediaType, { type: 'SUBSCRIBE' })),
      headers: { 'content-type': this.mediaType, accept: this.mediaType },
      signal: leaving.signal,
    });
    const events: MasterEvent[] = [];
    const seen = Promise.withResolvers<void>();
    const reading = (async () => {
      const decoder = new RecordDecoder();
      for await (const chunk of answer.body ?? [])
        for (const record of decoder.push(Buffer.from(chunk))) {
          const event = decodeBody(messageTypes.MasterEvent, this.mediaType, record);
          if (event.ok) events.push(event.value);
          if (event.ok && event.value.type === until) seen.resolve();
        }
    })().catch(() => undefined);
    await act();
    await seen.promise;
    leaving.abort();
    await reading;
    return events;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse((await this.get(path)).text) as T;
  }

  async post(path: string, body: string, type = 'application/json'): Promise<[status: number, text: string]> {
    const { status, text } = await this.send('POST', path, Buffer.from(body), { 'content-type': type });
    return [status, text];
  }

  form(path: string, fields: Readonly<Record<string, unknown>>): Promise<[status: number, text: string]> {
    const entries = Object.entries(fields).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return this.post(path, new URLSearchParams(entries).toString(), 'application/x-www-form-urlencoded');
  }

  /** As raw as HTTP allows. */
  send(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ port: this.cluster.port, host: '127.0.0.1', method, path, headers }, (answer) => {
        buffer(answer).then(
          (whole) =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: whole.toString(), body: whole }),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
