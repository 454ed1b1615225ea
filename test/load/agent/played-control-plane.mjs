// The services around one agent over the real in-process broker: they admit it, acknowledge what it tells them, and keep nothing.
import {
  AcknowledgeStatusV1,
  KillTaskV1,
  LaunchTasksV1,
  parseEnvelope,
  queueOf,
  ReportTaskStatusV1,
} from '@tranche/contracts';
import { InProcessBroker, InProcessBus, inProcessHost } from '@tranche/messaging';
import { isTerminal } from '@tranche/scheduler';

const AGENT_ID = 'S0';
/** As the registry asks for by default. */
const HEARTBEAT_MS = 1_000;
const FRAMEWORK = { user: 'root', name: 'bench', id: { value: 'F' }, checkpoint: true };
const RESOURCES = Object.entries({ cpus: 0.001, mem: 32 }).map(([name, value]) => ({
  ...{ name, type: 'SCALAR', scalar: { value } },
}));

export class PlayedControlPlane {
  #broker = new InProcessBroker();
  #bus = new InProcessBus(this.#broker, 'offers');
  /** Resolved by the state that a task is waited for. */
  #waiting = new Map();

  constructor() {
    this.#broker.consume('registry', ({ body, reply }) => {
      if (reply === undefined) return;
      const [{ agentId = AGENT_ID }] = parseEnvelope(JSON.parse(body)).items;
      this.#broker.declareQueue(queueOf('agent', agentId));
      reply(JSON.stringify({ ok: true, value: { ok: true, agentId, heartbeatIntervalMs: HEARTBEAT_MS } }));
    });
    this.#broker.consume('offers', ({ body }) => {
      const { pattern, items } = parseEnvelope(JSON.parse(body));
      if (pattern === ReportTaskStatusV1.pattern) for (const report of items) this.#take(report);
    });
  }

  host(logger) {
    return inProcessHost({ service: 'agent', broker: this.#broker, logger });
  }

  /** Settles when the task runs. */
  async launch(taskId, command) {
    const runs = this.#told(taskId, 'TASK_RUNNING');
    const task = {
      ...{ name: taskId, task_id: { value: taskId }, agent_id: { value: AGENT_ID }, resources: RESOURCES },
      command: { shell: false, value: command[0], arguments: command },
      // Destroyed at once, as `crun delete --force` does it.
      kill_policy: { grace_period: { nanoseconds: 0 } },
    };
    const item = {
      agentId: AGENT_ID,
      frameworkId: 'F',
      framework: FRAMEWORK,
      task,
      role: '*',
      traceId: 'a'.repeat(32),
    };
    await this.#bus.send(LaunchTasksV1, queueOf('agent', AGENT_ID), [item]);
    await runs;
  }

  /** Settles when the end of the task is told. */
  async destroy(taskId) {
    const ended = this.#told(taskId, 'TASK_KILLED');
    await this.#bus.send(KillTaskV1, queueOf('agent', AGENT_ID), [{ frameworkId: 'F', taskId }]);
    await ended;
  }

  #told(taskId, state) {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.#waiting.set(taskId, { state, resolve, reject });
    return promise;
  }

  #take({ agentId, frameworkId, taskId, status }) {
    const { state, message, uuid = '' } = status;
    const waiter = this.#waiting.get(taskId);
    if (state === waiter?.state) waiter.resolve();
    else if (isTerminal(state)) waiter?.reject(new Error(`${taskId} ended as ${state}: ${message}`));
    this.#bus
      .send(AcknowledgeStatusV1, queueOf('agent', agentId), [{ frameworkId, taskId, uuid }])
      .catch(() => undefined);
  }
}
