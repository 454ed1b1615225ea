import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import { randomUUID } from 'node:crypto';
import { authOptions, configWith, tlsOptions } from '@tranche/config';
import {
  DescribeServiceV1,
  type NoteTaskDetail,
  NoteTaskDetailV1,
  partitionOf,
  partitionQueueOf,
  partitionsOf,
  replicaQueueOf,
} from '@tranche/contracts';
import { brokerMissing } from '@tranche/test-servers';
import { silentLogger } from '@tranche/telemetry';
import { connect } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RabbitProcess, rabbitProcess } from '../rabbit/rabbit-host.js';
import type { QueueType } from '../rabbit/rabbit-options.js';
import { TcpProxy } from '../rabbit/testing/tcp-proxy.fakes.js';
import { withBroker } from '../rabbit/testing/with-broker.fakes.js';
import type { ServiceHost } from '../service-host.js';
import type { LivesParts } from './partition-lives.js';
import { runReplica } from './run-replica.js';
import type { Router } from './router.js';

const COUNT = 4;
const KEYS = Array.from({ length: 12 }, (_, at) => `key-${at}`);
const SOON = { interval: 20, timeout: 20_000 };

/** `/owner?key` is answered by the key's partition, `/all` by every one. */
const router: Router = {
  byHead: ({ url }) => {
    if (url.startsWith('/owner?')) return { to: 'key', key: url.slice('/owner?'.length) };
    return url === '/all' ? { to: 'all', merge: (bodies) => bodies.join(',') } : undefined;
  },
  byBody: ({ body }) => ({ to: 'key', key: body.toString() }),
};

interface Replica {
  readonly process: RabbitProcess;
  /** Its way to the broker. */
  readonly proxy: TcpProxy;
  url: string;
  stop(): Promise<void>;
}

/** A small service in several replicas, each with a connection of its own: every partition notes what it hears and says who it is. */
class Mesh {
  readonly heard: { readonly replica: string; readonly item: NoteTaskDetail }[] = [];
  private readonly replicas = new Map<string, Replica>();
  private readonly namespace = `test-${randomUUID().slice(0, 8)}`;
  private readonly senders: ServiceHost[] = [];

  constructor(
    private readonly brokerUrl: string,
    private readonly queueType: QueueType,
    private readonly count = COUNT,
  ) {}

  async start(name: string): Promise<string> {
    const { proxy, url } = await TcpProxy.before(this.brokerUrl);
    const process = this.process('offers', url);
    const replica: Replica = { url: '', stop: async () => undefined, process, proxy };
    replica.stop = await runReplica({
      ...{ service: 'offers', count: this.count, router, process },
      address: { host: '127.0.0.1', port: 0 },
      ...{ tls: configWith(tlsOptions, {}), auth: configWith(authOptions, {}) },
      onListening: (address) => {
        replica.url = address;
      },
      start: this.starting(name),
    });
    this.replicas.set(name, replica);
    return replica.url;
  }

  sender(): ServiceHost['bus'] {
    return this.asker().bus;
  }

  asker(): ServiceHost {
    const { host } = this.process('agent', this.brokerUrl);
    this.senders.push(host);
    return host;
  }

  url(name: string): string {
    return this.replicas.get(name)?.url ?? '';
  }

  replicaId(name: string): string {
    return this.replicas.get(name)?.process.host.replica ?? '';
  }

  /** Indexes of the partitions that a replica works on, as its `/readyz` says. */
  async owned(name: string): Promise<number[]> {
    const answer = await fetch(`${this.replicas.get(name)?.url}/readyz`);
    return ((await answer.json()) as { partitions?: number[] }).partitions?.toSorted() ?? [];
  }

  async stop(name: string): Promise<void> {
    const replica = this.replicas.get(name);
    await replica?.stop();
    await replica?.process.host.close();
    await replica?.proxy.cut();
    this.replicas.delete(name);
  }

  /** Cuts it off from the broker, for good. */
  async cutOff(name: string): Promise<void> {
    await this.replicas.get(name)?.proxy.cut();
  }

  async close(): Promise<void> {
    for (const name of [...this.replicas.keys()]) await this.stop(name);
    for (const host of this.senders) await host.close();
    const model = await connect(this.brokerUrl);
    const channel = await model.createChannel();
    for (const { index } of partitionsOf(COUNT)) {
      const queue = `${this.namespace}.${partitionQueueOf('offers', index)}`;
      for (const name of [queue, `${queue}.queries`]) await channel.deleteQueue(name);
    }
    await channel.deleteQueue(`${this.namespace}.dead-letters`);
    for (const name of ['dead-letters', 'facts']) await channel.deleteExchange(`${this.namespace}.${name}`);
    await model.close();
  }

  private process(service: string, url: string): RabbitProcess {
    const { namespace, queueType } = this;
    const rabbit = { url, namespace, queueType, partitions: { offers: this.count } };
    return rabbitProcess({ service, rabbit, logger: silentLogger });
  }

  private starting(replica: string): LivesParts['start'] {
    return async (host) => {
      const { index } = host.partition ?? { index: -1 };
      const server = createServer((request, response) => {
        if (request.url === '/echo') return void request.pipe(response);
        request.resume();
        const ready = JSON.stringify({ ready: true, dependencies: {} });
        response.end(request.url === '/readyz' ? ready : `${replica}:${index}`);
      });
      const strategy = host.strategy(partitionQueueOf('offers', index));
      strategy.addHandler(
        NoteTaskDetailV1.pattern,
        async (items: NoteTaskDetail[]) => {
          for (const item of items) this.heard.push({ replica, item });
        },
        true,
      );
      await new Promise<void>((resolve, reject) => {
        strategy.listen((error?: unknown) => (error === undefined ? resolve() : reject(error)));
      });
      const routing = (request: unknown, response: unknown): void => void server.emit('request', request, response);
      const instance = { routing, ready: async () => undefined };
      const app = { getHttpServer: () => server, getHttpAdapter: () => ({ getInstance: () => instance }) };
      return { app, stop: async () => undefined };
    };
  }
}

describe.skipIf(brokerMissing())(`replicas that share a service ${brokerMissing() ?? ''}`, { timeout: 60_000 }, () => {
  const broker = withBroker();

  describe.each<QueueType>(['classic', 'quorum'])('over %s queues', (queueType) => {
    let mesh: Mesh;
    beforeEach(() => {
      mesh = new Mesh(broker.url, queueType);
    });
    afterEach(() => mesh.close());

    const shares = async (...names: string[]): Promise<number[][]> => Promise.all(names.map((one) => mesh.owned(one)));
    const sizes = async (...names: string[]): Promise<number[]> => (await shares(...names)).map(({ length }) => length);

    it('share its partitions evenly as they come and go', async () => {
      await mesh.start('a');
      await expect.poll(() => sizes('a'), SOON).toEqual([4]);
      await mesh.start('b');
      await expect.poll(() => sizes('a', 'b'), SOON).toEqual([2, 2]);
      expect((await shares('a', 'b')).flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      await mesh.stop('a');
      await expect.poll(() => sizes('b'), SOON).toEqual([4]);
    });

    it('work one at a time on a service that is not cut: the other relays, and takes over', async () => {
      const whole = new Mesh(broker.url, queueType, 1);
      try {
        await whole.start('a');
        const b = await whole.start('b');
        const answer = (): Promise<string> => fetch(`${b}/owner?x`).then((response) => response.text());
        await expect.poll(answer, SOON).toBe('a:0');
        await whole.stop('a');
        await expect.poll(answer, SOON).toBe('b:0');
        expect(await (await fetch(`${b}/readyz`)).json()).toMatchObject({ ready: true });
      } finally {
        await whole.close();
      }
    });

    it('say of themselves over the mesh what they are, also while they wait; the broker says how much waits for them', async () => {
      const whole = new Mesh(broker.url, queueType, 1);
      try {
        await whole.start('a');
        await whole.start('b');
        const ids = ['a', 'b'].map((name) => whole.replicaId(name));
        await expect.poll(async () => (await fetch(`${whole.url('b')}/owner?x`)).text(), SOON).toBe('a:0');
        const asker = whole.asker();
        const told = await Promise.all(
          ids.map((id) => asker.bus.ask(DescribeServiceV1, replicaQueueOf(id), {}, { timeoutMs: 10_000 })),
        );
        expect(told).toMatchObject([
          { service: 'offers', replica: ids[0], role: 'active', ready: true, dependencies: { broker: true } },
          { service: 'offers', replica: ids[1], role: 'standby', ready: true, dependencies: { broker: true } },
        ]);
        const depths = await asker.queueDepths(['offers', 'nobody']);
        expect(depths.map(({ name, messages }) => [name, messages])).toEqual([
          ['offers', 0],
          ['offers.queries', 0],
          ['dead-letters', 0],
        ]);
        expect(depths.map(({ consumers }) => consumers > 0)).toEqual([true, true, false]);
      } finally {
        await whole.close();
      }
    });

    it('pass a body on as it comes, for as long as its client goes on', async () => {
      const whole = new Mesh(broker.url, queueType, 1);
      try {
        await whole.start('a');
        const b = await whole.start('b');
        await expect.poll(async () => (await fetch(`${b}/owner?x`)).text(), SOON).toBe('a:0');
        const request = httpRequest(`${b}/echo`, { method: 'POST' });
        request.write('one');
        const [answer] = (await once(request, 'response')) as [IncomingMessage];
        for (const word of ['one', 'two', 'three']) {
          if (word !== 'one') request.write(word);
          expect(String((await once(answer, 'data'))[0])).toBe(word);
        }
        const large = Buffer.alloc(20 << 20, 'x');
        request.end(large);
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        await once(answer, 'end');
        expect(bytes).toBe(large.length);
      } finally {
        await whole.close();
      }
    });

    it('take over what a lost one had and nothing else, and lose nothing of any key', async () => {
      await mesh.start('a');
      await mesh.start('b');
      await expect.poll(() => sizes('a', 'b'), SOON).toEqual([2, 2]);
      const kept = await mesh.owned('b');
      const bus = mesh.sender();
      const sending: Promise<void>[] = [];
      for (let round = 0; round < 200; round++) {
        const items = KEYS.map((frameworkId) => ({ agentId: 'S', frameworkId, taskId: `${round}`, containerId: 'c' }));
        sending.push(bus.send(NoteTaskDetailV1, 'offers', items));
        if (round === 100) sending.push(mesh.cutOff('a'));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await Promise.all(sending);
      await expect.poll(() => sizes('b'), SOON).toEqual([4]);
      const roundsOf = (key: string): number[] => {
        const rounds = mesh.heard.filter(({ item }) => item.frameworkId === key).map(({ item }) => Number(item.taskId));
        // What was in hand when it was cut off comes twice.
        return [...new Set(rounds)];
      };
      for (const key of KEYS) {
        await expect.poll(() => roundsOf(key), SOON).toEqual(Array.from({ length: 200 }, (_, at) => at));
      }
      const stayed = KEYS.filter((key) => kept.includes(partitionOf(key, COUNT)));
      const hearers = (key: string): Set<string> =>
        new Set(mesh.heard.filter(({ item }) => item.frameworkId === key).map(({ replica }) => replica));
      for (const key of stayed) expect(hearers(key)).toEqual(new Set(['b']));
    });

    it('answer requests for each other: by key, by body, and all together', async () => {
      const a = await mesh.start('a');
      const b = await mesh.start('b');
      await expect.poll(() => sizes('a', 'b'), SOON).toEqual([2, 2]);
      const owners = new Map<number, string>();
      for (const name of ['a', 'b']) for (const index of await mesh.owned(name)) owners.set(index, name);
      const answerOf = (key: string): string => {
        const index = partitionOf(key, COUNT);
        return `${owners.get(index)}:${index}`;
      };
      for (const url of [a, b]) {
        for (const key of KEYS) {
          expect(await (await fetch(`${url}/owner?${key}`)).text()).toBe(answerOf(key));
          const posted = await fetch(`${url}/by-body`, { method: 'POST', body: key });
          expect(await posted.text()).toBe(answerOf(key));
        }
        const all = partitionsOf(COUNT).map(({ index }) => `${owners.get(index)}:${index}`);
        expect(await (await fetch(`${url}/all`)).text()).toBe(all.join(','));
      }
    });
  });
});
