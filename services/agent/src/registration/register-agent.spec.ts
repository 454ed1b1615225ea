import { type RegisterAgentRequest, type RegisterAgentResponse } from '@tranche/contracts';
import { silentLogger } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { TaskWorld } from '../testing/task-world.js';
import { AgentLifecycle } from './agent-lifecycle.js';
import { AskRegistry } from './ask-registry.js';
import { describeAgent } from './describe-agent.js';
import { Heartbeat } from './heartbeat.js';
import { Questions } from './questions.js';
import { RegisterAgent } from './register-agent.js';

describe('RegisterAgent', () => {
  let world: TaskWorld;
  let lifecycle: AgentLifecycle;
  let asked: RegisterAgentRequest[];
  let heartbeats: unknown[];
  let answers: (RegisterAgentResponse | Error)[];
  let registration: RegisterAgent;

  const admitted: RegisterAgentResponse = { ok: true, agentId: 'S0', heartbeatIntervalMs: 15_000 };
  const bus = {
    ask: async (_contract: unknown, _queue: string, request: unknown) => {
      asked.push(request as RegisterAgentRequest);
      const answer = answers.shift() ?? new Error('nobody there');
      if (answer instanceof Error) throw answer;
      return answer as never;
    },
    send: async (_contract: unknown, _queue: string, items: readonly unknown[]) => {
      heartbeats.push(...items);
    },
    factNumbers: () => ({ source: 'agent/1', numbers: { 'report-task-status.v1': 3 } }),
  };

  beforeEach(() => {
    world = new TaskWorld();
    lifecycle = new AgentLifecycle();
    asked = [];
    heartbeats = [];
    answers = [];
    const { clock, ids, ledger, updates, self } = world;
    const describe = () => describeAgent(self, { resources: [], attributes: [] }, ledger.state);
    const registry = new AskRegistry(bus, describe, { clock, ids, backoffMs: 1_000 }, new Questions(), silentLogger);
    const heartbeat = new Heartbeat(bus, clock, silentLogger);
    registration = new RegisterAgent(registry, ledger, lifecycle, heartbeat, updates, silentLogger);
  });

  it('sends heartbeats in the interval that the registry wants', async () => {
    answers.push(admitted);
    expect(await registration.register()).toEqual({ ok: true, agentId: 'S0' });
    expect(lifecycle.phase).toBe('running');
    world.clock.advance(14_999);
    expect(heartbeats).toEqual([]);
    world.clock.advance(30_001);
    expect(heartbeats).toEqual([{ agentId: 'S0' }, { agentId: 'S0' }, { agentId: 'S0' }]);
  });

  it('asks again with growing pauses until it is answered', async () => {
    answers.push(new Error('away'), new Error('away'), admitted);
    const registered = registration.register();
    await settled();
    expect(asked).toHaveLength(1);
    world.clock.advance(1_000);
    await settled();
    expect(asked).toHaveLength(2);
    world.clock.advance(1_999);
    await settled();
    expect(asked).toHaveLength(2);
    world.clock.advance(1);
    expect(await registered).toEqual({ ok: true, agentId: 'S0' });
  });

  it('tells the registry its id and every task that is not over', async () => {
    await world.launch();
    await world.launch({ task_id: { value: 't2' } });
    await settled();
    world.containerizer.end(world.task('t2').containerId, { waitStatus: 0 });
    await settled();
    answers.push(admitted);
    await registration.register();
    expect(asked[0]).toMatchObject({
      agentId: 'S0',
      ip: '10.0.0.7',
      port: 5051,
      tasks: [
        { frameworkId: 'F', role: 'dev', latestStatus: { state: 'TASK_RUNNING' } },
        { frameworkId: 'F', latestStatus: { state: 'TASK_FINISHED' } },
      ],
      frameworks: [{ frameworkId: 'F' }],
    });
  });

  it('tells of each task which of its statuses the framework is being told', async () => {
    const reports = () => describeAgent(world.self, { resources: [], attributes: [] }, world.ledger.state).tasks;
    world.updates.resume();
    await world.launch();
    await settled();
    const [starting, running] = world.task('t1').pending;
    expect(reports()).toMatchObject([
      { latestStatus: { uuid: running?.uuid }, inDelivery: { uuid: starting?.uuid, status: starting } },
    ]);
    for (const uuid of [starting?.uuid, running?.uuid]) {
      world.updates.acknowledge('F', 't1', uuid ?? '');
      // One that waits or was acknowledged last is the newest: it is told once.
      expect(reports()[0]?.inDelivery).toEqual({ uuid: running?.uuid });
    }
  });

  it('does not mention what is left of a removed framework', async () => {
    await world.launch();
    await settled();
    await world.frameworks.shutdown('F');
    answers.push(admitted);
    await registration.register();
    expect(asked[0]).toMatchObject({ tasks: [], frameworks: [], sent: bus.factNumbers() });
  });

  it('sends what was not acknowledged once it is registered', async () => {
    world.updates.pause();
    await world.launch();
    await settled();
    expect(world.sent).toEqual([]);
    answers.push(admitted);
    await registration.register();
    expect(world.states).toEqual(['TASK_STARTING']);
  });

  it('does not answer to another id than its own', async () => {
    answers.push({ ok: true, agentId: 'S7', heartbeatIntervalMs: 1 });
    expect(await registration.register()).toEqual({
      ok: false,
      reason: 'it is known as S0 and was now called S7',
    });
  });

  it('passes a refusal on', async () => {
    answers.push({ ok: false, reason: 'declared gone' });
    expect(await registration.register()).toEqual({ ok: false, reason: 'declared gone' });
  });

  it('registers once for several calls at a time', async () => {
    answers.push(admitted);
    await Promise.all([registration.register(), registration.register()]);
    expect(asked).toHaveLength(1);
  });

  it('gives up when the agent stops, also in a pause', async () => {
    const registered = registration.register();
    await settled();
    registration.abandon();
    expect(await registered).toEqual({ ok: false, reason: 'the agent is stopping' });
  });
});
