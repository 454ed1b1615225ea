// The offers service in a process of its own, so that its CPU time can be told from that of its clients. Agents and the allocator are played
// here: agents end each task at once. Orders come from the parent process: [id, what, ...arguments], answered by [id, result].
import { configWith } from '@tranche/config';
import { AgentRegisteredV1, AgentStateChangedV1, MakeOffersV1, queueOf, ReportTaskStatusV1 } from '@tranche/contracts';
import { InProcessBroker, InProcessBus, inProcessHost } from '@tranche/messaging';
import { offersOptions, startOffers } from '@tranche/offers';
import { silentLogger } from '@tranche/telemetry';

const broker = new InProcessBroker();
const registry = new InProcessBus(broker, 'registry');
const others = new InProcessBus(broker, 'bench');
const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });
const RESOURCES = [scalar('cpus', 4), scalar('mem', 4096)];
let serial = 0;

function uuid() {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(++serial, 12);
  bytes[6] = 0x40;
  bytes[8] = 0x80;
  return bytes.toString('base64');
}

const agentOf = (agentId) => ({
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
});

/** A status as an agent reports it; the message is when it was stated, in nanoseconds of the clock that all processes share. */
const report = (frameworkId, taskId, state, agentId = 'C-S0') => ({
  agentId,
  frameworkId,
  taskId,
  traceId: '0'.repeat(32),
  status: {
    task_id: { value: taskId },
    agent_id: { value: agentId },
    state,
    uuid: uuid(),
    source: 'SOURCE_EXECUTOR',
    timestamp: serial,
    message: String(process.hrtime.bigint()),
  },
});

function runTasks({ body }) {
  const { pattern, items = [] } = JSON.parse(body);
  if (!pattern.startsWith('launch-tasks')) return;
  const reports = items.flatMap(({ frameworkId, task }) =>
    ['TASK_RUNNING', 'TASK_FINISHED'].map((state) => report(frameworkId, task.task_id.value, state)),
  );
  void others.send(ReportTaskStatusV1, 'offers', reports);
}

broker.consume('registry', ({ reply }) =>
  reply?.(JSON.stringify({ ok: true, value: { asOf: registry.factNumbers(), agents: [] } })),
);
broker.consume('allocator', () => undefined);
broker.consume(queueOf('agent', 'C-S0'), runTasks);

const config = configWith(offersOptions, {
  databaseUrl: 'sqlite::memory:',
  clusterId: 'C',
  recoveryGraceMs: 0,
  maxCompletedTasksPerFramework: 10,
});
const running = await startOffers({ config, host: inProcessHost({ service: 'offers', broker, logger: silentLogger }) });
await running.app.listen(0, '127.0.0.1');
registry.publish(AgentRegisteredV1, [
  { agent: agentOf('C-S0'), reregistered: false, tasks: [], frameworks: [] },
  { agent: agentOf('C-S1'), reregistered: false, tasks: [], frameworks: [] },
]);

const orders = {
  url: () => `http://127.0.0.1:${running.app.getHttpServer().address().port}`,
  cpu: () => process.cpuUsage(),
  memory: () => process.memoryUsage().rss,
  /** One update for each framework, as one message of an agent. */
  updates: async (frameworkIds) => {
    const reports = frameworkIds.map((id) => report(id, 'none', 'TASK_RUNNING'));
    await others.send(ReportTaskStatusV1, 'offers', reports);
  },
  offer: async (frameworkId) => {
    const made = { frameworkId, role: 'web', agentId: 'C-S0', resources: RESOURCES, epoch: 'E', run: ++serial };
    await others.send(MakeOffersV1, 'offers', [made]);
  },
  /** An agent is lost and comes back: a FAILURE to every framework. */
  failure: () => {
    const change = { agentId: 'C-S1', reason: 'bench', atMs: 0 };
    registry.publish(AgentStateChangedV1, [{ ...change, state: 'unreachable' }]);
    registry.publish(AgentRegisteredV1, [{ agent: agentOf('C-S1'), reregistered: true, tasks: [], frameworks: [] }]);
  },
  stop: () => running.stop(),
};
async function follow([id, what, ...given]) {
  process.send([id, await orders[what](...given)]);
  if (what === 'stop') process.disconnect();
}
process.on('message', (order) => void follow(order));
process.send([0, 'ready']);
