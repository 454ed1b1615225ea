import { configWith } from '@tranche/config';
import {
  AgentRegisteredV1,
  MakeInverseOffersV1,
  MakeOffersV1,
  queueOf,
  ReportExecutorEndV1,
  ReportTaskStatusV1,
} from '@tranche/contracts';
import { InProcessBroker, InProcessBus, inProcessHost } from '@tranche/messaging';
import { offersOptions, startOffers } from '@tranche/offers';
import { silentLogger } from '@tranche/telemetry';

const AGENTS = ['C-S0', 'C-S1'];
const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });
const RESOURCES = [
  scalar('cpus', 4),
  scalar('mem', 1024),
  scalar('disk', 100),
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] } },
];

/** The offers service in this process, with agents that run whatever they are sent for an instant and an allocator that always has more. */
export class FuzzCluster {
  #broker = new InProcessBroker();
  #others = new InProcessBus(this.#broker, 'fuzz');
  #registry = new InProcessBus(this.#broker, 'registry');
  #running;
  #runs = 0;
  #uuids = 0;
  #faults = [];
  agents = AGENTS;
  url = '';

  static async start() {
    const cluster = new FuzzCluster();
    await cluster.#start();
    return cluster;
  }

  async #start() {
    this.#broker.consume('registry', ({ reply }) => {
      reply?.(JSON.stringify({ ok: true, value: { asOf: this.#registry.factNumbers(), agents: [] } }));
    });
    this.#broker.consume('allocator', () => undefined);
    for (const agentId of AGENTS) {
      this.#broker.consume(queueOf('agent', agentId), ({ body }) => this.#runTasks(agentId, JSON.parse(body)));
    }
    const logger = {
      ...silentLogger,
      error: (message, fields) => this.#faults.push(`logged: ${message} ${fields?.error?.stack ?? ''}`),
    };
    logger.child = () => logger;
    // History is kept short, so that what it may hold is full when the heap is first measured.
    const history = { maxCompletedFrameworks: 5, maxCompletedTasksPerFramework: 10 };
    const config = configWith(offersOptions, {
      databaseUrl: 'sqlite::memory:',
      clusterId: 'C',
      recoveryGraceMs: 0,
      ...history,
    });
    this.#running = await startOffers({
      config,
      host: inProcessHost({ service: 'offers', broker: this.#broker, logger }),
    });
    await this.#running.app.listen(0, '127.0.0.1');
    this.url = `http://127.0.0.1:${this.#running.app.getHttpServer().address().port}`;
    const agents = AGENTS.map((agentId) => ({
      agent: {
        agentId,
        hostname: agentId,
        ip: '127.0.0.1',
        port: 5051,
        version: '0',
        state: 'active',
        stateSinceMs: 0,
        resources: RESOURCES,
        attributes: [],
        capabilities: ['MULTI_ROLE', 'TASK_RESOURCE_LIMITS'],
        registeredAtMs: 0,
        // The second is to be taken out of service: frameworks are asked to leave it.
        ...(agentId === 'C-S1' ? { unavailability: { start: { nanoseconds: '1760000000000000000' } } } : {}),
      },
      reregistered: false,
      tasks: [],
      frameworks: [],
    }));
    this.#registry.publish(AgentRegisteredV1, agents);
  }

  /** Offers to a framework on each agent, and asks it to leave the one that is to be taken out of service. */
  async offer(frameworkId) {
    const run = ++this.#runs;
    await this.#others.send(
      MakeOffersV1,
      'offers',
      AGENTS.map((agentId) => ({ frameworkId, role: 'web', agentId, resources: RESOURCES, epoch: 'E', run })),
    );
    await this.#others.send(MakeInverseOffersV1, 'offers', [{ frameworkId, agentId: 'C-S1' }]);
    await this.#others.send(ReportExecutorEndV1, 'offers', [
      { agentId: 'C-S0', frameworkId, executorId: 'e', status: 256 },
    ]);
  }

  takeFaults() {
    return this.#faults.splice(0);
  }

  async checkAlive() {
    for (const path of ['/healthz', '/frameworks', '/v1/tasks']) {
      const { status } = await fetch(this.url + path);
      if (status !== 200) throw new Error(`${path} answers ${status} at the end`);
    }
  }

  async stop() {
    await this.#running.stop();
  }

  #runTasks(agentId, { pattern, items = [] }) {
    if (!pattern.startsWith('launch-tasks')) return;
    const reports = items.flatMap(({ frameworkId, task }) =>
      ['TASK_RUNNING', 'TASK_FINISHED'].map((state) => {
        const bytes = Buffer.alloc(16);
        bytes.writeUInt32BE(++this.#uuids, 12);
        bytes[6] = 0x40;
        bytes[8] = 0x80;
        const status = {
          task_id: task.task_id,
          agent_id: { value: agentId },
          state,
          uuid: bytes.toString('base64'),
          source: 'SOURCE_EXECUTOR',
          timestamp: this.#uuids,
        };
        return { agentId, frameworkId, taskId: task.task_id.value, status, traceId: '0'.repeat(32) };
      }),
    );
    void this.#others.send(ReportTaskStatusV1, 'offers', reports).catch((error) => this.#faults.push(String(error)));
  }
}
