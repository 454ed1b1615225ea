// Agents without machines: thousands in one process that speak the real messages over the real transport, each on its own queue.
import { randomUUID } from 'node:crypto';
import {
  AcknowledgeStatusV1,
  AgentHeartbeatV1,
  ApplyOperationsV1,
  KillTaskV1,
  LaunchTasksV1,
  queueOf,
  RegisterAgentV1,
  ReportTaskStatusV1,
  ReregisterAgentV1,
  ShutdownFrameworkV1,
  UpdateFrameworkV1,
} from '@tranche/contracts';

/** Registrations under way at a time. */
const WIDTH = 32;
const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });

/** What every emulated agent has: room for four of the bench's tasks. */
export const AGENT_RESOURCES = [scalar('cpus', 4), scalar('mem', 4_096), scalar('disk', 4_096)];

/**
 * Tasks that run no time, and nobody who looks at them.
 *
 * @type {{ launched(): void; end(): Promise<void> | undefined; ended(): void }}
 */
const INSTANTLY = { launched: () => undefined, end: () => undefined, ended: () => undefined };

class EmulatedAgent {
  #host;
  #number;
  #resources;
  #play;
  /** What runs there when it comes, if anything: `{ perAgent, frameworks: [{ frameworkId, info, role }] }`. */
  #tasks;
  #id;
  /** Statuses that are not acknowledged, by task. */
  #unacknowledged = new Map();
  #heart;

  constructor(host, number, { resources = AGENT_RESOURCES, play = INSTANTLY, tasks } = {}) {
    this.#host = host;
    this.#number = number;
    this.#resources = resources;
    this.#play = play;
    this.#tasks = tasks;
    // One that comes with tasks had an id before.
    if (tasks !== undefined) this.#id = `emulated-S${number}`;
  }

  async start() {
    const { heartbeatIntervalMs } = await this.#register();
    const strategy = this.#host.strategy(queueOf('agent', this.#id));
    const on = (contract, handle) => strategy.addHandler(contract.pattern, async (items) => handle(items), true);
    on(LaunchTasksV1, (items) => this.#launch(items));
    on(AcknowledgeStatusV1, (items) => this.#acknowledged(items));
    on(ReregisterAgentV1, () => this.#register());
    for (const ignored of [KillTaskV1, UpdateFrameworkV1, ShutdownFrameworkV1, ApplyOperationsV1])
      on(ignored, () => undefined);
    await new Promise((resolve, reject) =>
      strategy.listen((error) => (error === undefined ? resolve() : reject(error))),
    );
    // As agents that started at different times: evenly spread.
    this.#heart = setTimeout(() => {
      this.#beat();
      this.#heart = setInterval(() => this.#beat(), heartbeatIntervalMs);
    }, Math.random() * heartbeatIntervalMs);
  }

  stop() {
    clearTimeout(this.#heart);
    clearInterval(this.#heart);
  }

  async #register() {
    const answer = await this.#host.bus.ask(
      RegisterAgentV1,
      queueOf('registry'),
      {
        ...(this.#id === undefined ? {} : { agentId: this.#id }),
        ...{
          hostname: `emulated-${this.#number}`,
          ip: `10.0.${this.#number >> 8}.${this.#number & 255}`,
          port: 5051,
          version: '0.1.0',
        },
        ...{ resources: this.#resources, attributes: [], capabilities: ['MULTI_ROLE'], ...this.#running() },
      },
      { timeoutMs: 120_000 },
    );
    if (!answer.ok) throw new Error(`agent ${this.#number} was refused: ${answer.reason}`);
    this.#id = answer.agentId;
    return answer;
  }

  /** Tasks that have run for long, spread over the frameworks. */
  #running() {
    if (this.#tasks === undefined) return { tasks: [], frameworks: [] };
    const { perAgent, frameworks } = this.#tasks;
    const tasks = Array.from({ length: perAgent }, (_none, i) => {
      const { frameworkId, role } = frameworks[(this.#number + i) % frameworks.length];
      return residentTask({ taskId: `resident-${this.#number}-${i}`, agentId: this.#id, frameworkId, role });
    });
    return { tasks, frameworks: frameworks.map(({ frameworkId, info }) => ({ frameworkId, info })) };
  }

  #beat() {
    void this.#host.bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: this.#id }]).catch(() => undefined);
  }

  /** A container that runs at once. What that took here is told, so that it can be taken off. */
  #launch(items) {
    const receivedMs = performance.now();
    for (const item of items) {
      this.#play.launched(item.task.task_id.value);
      this.#report({ item, state: 'TASK_RUNNING', receivedMs });
    }
  }

  /** Acknowledged running: it ends. Acknowledged end: it is forgotten. */
  #acknowledged(items) {
    for (const { taskId, uuid } of items) {
      const pending = this.#unacknowledged.get(taskId);
      if (pending === undefined || pending.uuid !== uuid) continue;
      this.#unacknowledged.delete(taskId);
      if (pending.state === 'TASK_RUNNING') void this.#end(taskId, pending.item);
    }
  }

  async #end(taskId, item) {
    // Nothing is waited for, not even a turn, when tasks run no time: it would be measured.
    const end = this.#play.end(taskId);
    if (end !== undefined) await end;
    this.#play.ended(taskId);
    this.#report({ item, state: 'TASK_FINISHED', receivedMs: performance.now() });
  }

  #report({ item, state, receivedMs }) {
    const { frameworkId, task, traceId, traceparent } = item;
    const taskId = task.task_id.value;
    const uuid = newUuid();
    this.#unacknowledged.set(taskId, { uuid, state, item });
    const status = {
      ...{ task_id: task.task_id, state, source: 'SOURCE_EXECUTOR', agent_id: { value: this.#id }, uuid },
      ...{
        executor_id: { value: taskId },
        timestamp: Date.now() / 1_000,
        message: String(performance.now() - receivedMs),
      },
      container_status: { container_id: { value: uuid } },
    };
    const report = {
      agentId: this.#id,
      frameworkId,
      taskId,
      status,
      traceId,
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    void this.#host.bus.send(ReportTaskStatusV1, queueOf('offers'), [report]).catch((error) => {
      throw error;
    });
  }
}

/** A small command task with what tasks usually have: labels, an environment, a container with an address. */
function residentTask({ taskId, agentId, frameworkId, role }) {
  const task = {
    ...{ name: `service of ${role}`, task_id: { value: taskId }, agent_id: { value: agentId } },
    resources: [scalar('cpus', 0.1), scalar('mem', 64)].map((one) => ({ ...one, allocation_info: { role } })),
    command: {
      value: 'exec ./serve --port 8080',
      environment: { variables: [{ name: 'STAGE', value: 'production' }] },
    },
    labels: { labels: [{ key: 'team', value: 'search' }] },
  };
  const latestStatus = {
    ...{ task_id: task.task_id, agent_id: task.agent_id, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' },
    ...{ executor_id: { value: taskId }, timestamp: Date.now() / 1_000, uuid: newUuid() },
    container_status: {
      container_id: { value: randomUUID() },
      network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '10.0.0.1' }] }],
    },
  };
  return { frameworkId, task, role, latestStatus, traceId: randomUUID().replaceAll('-', '') };
}

const newUuid = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');

/**
 * @param hostOf gives the host of some agents: one connection
 * @param options `resources` of each agent; `tasks` that it comes with (`{ perAgent, frameworks: [{ frameworkId, info, role }] }`); its `play`:
 * told of each task's begin and end, `end` resolves when it shall
 * @returns when all are registered
 */
export async function startFleet(count, hostOf, options = {}) {
  const agents = Array.from({ length: count }, (_none, i) => new EmulatedAgent(hostOf(i), i, options));
  const waiting = [...agents];
  const worker = async () => {
    for (let agent = waiting.pop(); agent !== undefined; agent = waiting.pop()) await agent.start();
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return { stop: () => agents.forEach((agent) => agent.stop()) };
}
