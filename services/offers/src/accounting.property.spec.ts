import type { ExecutorReport, HeldResources } from '@tranche/contracts';
import type { TaskState } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeAgentState } from './agents/change-agent-state.js';
import { registerAgent } from './agents/register-agent.js';
import { heldOn } from './agents/report-usage.js';
import { endExecutor } from './executors/hear-executor.js';
import { disconnectFramework } from './frameworks/disconnect-framework.js';
import { removeFramework } from './frameworks/remove-framework.js';
import { subscribeFramework } from './frameworks/subscribe-framework.js';
import { acceptOffers } from './offers/accept-offers.js';
import { declineOffers } from './offers/decline-offers.js';
import { makeOffers } from './offers/make-offers.js';
import { acknowledgeUpdate } from './tasks/acknowledge-update.js';
import { updateTask } from './tasks/update-task.js';
import {
  agentRecord,
  cpusIn,
  FakeStream,
  frameworkInfo,
  scalar,
  type Scene,
  scene,
  taskInfo,
} from './testing/offers.fakes.js';

const FRAMEWORKS = ['F0', 'F1', 'F2'];
const AGENTS = ['S1', 'S2'];

type Step =
  | { kind: 'give'; framework: number; agent: number; cpus: number; known: boolean }
  | {
      kind: 'accept';
      framework: number;
      offers: number;
      tasks: number;
      cpus: number;
      executor: boolean;
      delivered: boolean;
    }
  | { kind: 'decline'; framework: number }
  | { kind: 'report'; pick: number; state: TaskState; acknowledged: boolean; byExecutor: boolean }
  | { kind: 'endExecutor'; framework: number; agent: number }
  | { kind: 'subscribe'; framework: number }
  | { kind: 'disconnect'; framework: number }
  | { kind: 'teardown'; framework: number }
  | { kind: 'lose'; agent: number; state: 'unreachable' | 'removed' | 'gone' | 'deactivated' }
  | { kind: 'register'; agent: number; forgetful: boolean }
  | { kind: 'wait'; ms: number };

const framework = fc.nat(FRAMEWORKS.length - 1);
const agent = fc.nat(AGENTS.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      framework,
      agent,
      cpus: fc.integer({ min: 1, max: 8 }),
      known: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('accept' as const),
      framework,
      offers: fc.integer({ min: 1, max: 3 }),
      tasks: fc.integer({ min: 0, max: 4 }),
      cpus: fc.integer({ min: 1, max: 4 }),
      executor: fc.boolean(),
      delivered: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('decline' as const), framework }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      pick: fc.nat(),
      state: fc.constantFrom<TaskState>('TASK_RUNNING', 'TASK_FINISHED', 'TASK_FAILED'),
      acknowledged: fc.boolean(),
      byExecutor: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('endExecutor' as const), framework, agent }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('subscribe' as const), framework }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disconnect' as const), framework }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('teardown' as const), framework }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      agent,
      state: fc.constantFrom('unreachable' as const, 'removed' as const, 'gone' as const, 'deactivated' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('register' as const), agent, forgetful: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
);

/** Plays the steps and keeps, apart from the service, the account of what it was given. */
class Player {
  readonly context: Scene = scene();
  private readonly given: HeldResources[] = [];
  private readonly adopted: HeldResources[] = [];
  private returnedBefore = 0;
  private tasks = 0;
  private uuids = 0;

  async play(step: Step): Promise<void> {
    const { context } = this;
    const { state } = context;
    switch (step.kind) {
      case 'give': {
        const frameworkId = step.known ? (FRAMEWORKS[step.framework] ?? '') : 'unknown';
        const item = {
          frameworkId,
          role: 'web',
          agentId: AGENTS[step.agent] ?? '',
          resources: [scalar('cpus', step.cpus)],
        };
        this.given.push(item);
        makeOffers(context, context.expiry, [{ ...item, epoch: 'E', run: 1 }]);
        return;
      }
      case 'accept':
        return this.accept(step);
      case 'decline': {
        const known = state.frameworks.get(FRAMEWORKS[step.framework] ?? '');
        const offers = known === undefined ? [] : state.offers.ofFramework(known.frameworkId);
        if (known)
          declineOffers(
            context,
            known,
            offers.map(({ record }) => ({ value: record.offerId })),
            undefined,
          );
        return;
      }
      case 'report':
        return this.report(step);
      case 'endExecutor': {
        const [frameworkId = '', agentId = ''] = [FRAMEWORKS[step.framework], AGENTS[step.agent]];
        return endExecutor(context, { frameworkId, agentId, executorId: 'e', status: 0 });
      }
      case 'subscribe': {
        const info = frameworkInfo({
          id: { value: FRAMEWORKS[step.framework] ?? '' },
          failover_timeout: step.framework * 30,
        });
        subscribeFramework(context, { info, suppressedRoles: [] }, new FakeStream());
        return;
      }
      case 'disconnect': {
        const known = state.frameworks.get(FRAMEWORKS[step.framework] ?? '');
        if (known?.stream) disconnectFramework(context, known, known.stream, 'closed');
        return;
      }
      case 'teardown': {
        const known = state.frameworks.get(FRAMEWORKS[step.framework] ?? '');
        if (known) removeFramework(context, known, 'torn down');
        return;
      }
      case 'lose':
        return changeAgentState(context, {
          agentId: AGENTS[step.agent] ?? '',
          state: step.state,
          reason: 'r',
          atMs: 0,
        });
      case 'register':
        return this.register(step);
      case 'wait':
        return context.clock.advance(step.ms);
    }
  }

  private async accept(step: Extract<Step, { kind: 'accept' }>): Promise<void> {
    const { context } = this;
    const known = context.state.frameworks.get(FRAMEWORKS[step.framework] ?? '');
    if (known === undefined) return;
    context.agents.delivery = step.delivered ? 'delivered' : 'agent-gone';
    const offers = context.state.offers.ofFramework(known.frameworkId).slice(0, step.offers);
    const agentId = offers[0]?.record.agentId ?? 'S1';
    const executor = {
      executor_id: { value: 'e' },
      command: { value: 'run' },
      type: 'CUSTOM' as const,
      resources: [scalar('cpus', 0.5)],
    };
    const tasks = Array.from({ length: step.tasks }, () =>
      taskInfo(`t${this.tasks++}`, {
        agent_id: { value: agentId },
        resources: [scalar('cpus', step.cpus)],
        ...(step.executor ? { executor, command: undefined } : {}),
      }),
    );
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }];
    const offer_ids = offers.map(({ record }) => ({ value: record.offerId }));
    await acceptOffers(context, known, { offer_ids, operations }, 'trace');
  }

  private report(step: Extract<Step, { kind: 'report' }>): void {
    const { context } = this;
    const tasks = [...context.state.tasks.allPresent()];
    const task = tasks[step.pick % Math.max(1, tasks.length)];
    if (task === undefined) return;
    const { agentId, frameworkId, taskId } = task.record;
    const uuid = `uuid${this.uuids++}`;
    const source = step.byExecutor ? ('SOURCE_EXECUTOR' as const) : ('SOURCE_AGENT' as const);
    const status = { task_id: { value: taskId }, state: step.state, uuid, timestamp: 1, source };
    updateTask(context, { agentId, frameworkId, taskId, traceId: '', status });
    const known = context.state.frameworks.get(frameworkId);
    if (!step.acknowledged || known === undefined) return;
    acknowledgeUpdate(context, known, { agent_id: { value: agentId }, task_id: { value: taskId }, uuid });
  }

  /** The agent comes (back) with the tasks it should have, or with none. What it brings back counts as given again. */
  private register(step: Extract<Step, { kind: 'register' }>): void {
    const { context } = this;
    const agentId = AGENTS[step.agent] ?? '';
    const present = context.state.tasks.ofAgent(agentId);
    const runs = step.forgetful ? [] : present;
    const tasks = runs.map(({ record }) => ({
      frameworkId: record.frameworkId,
      task: record.info,
      role: record.role,
      latestStatus: { task_id: { value: record.taskId }, state: 'TASK_RUNNING' as const },
      traceId: '',
    }));
    const executors: ExecutorReport[] = step.forgetful
      ? []
      : FRAMEWORKS.flatMap((frameworkId) => {
          const executor = context.state.tasks.executors.infoOf(frameworkId, agentId, 'e');
          return executor === undefined ? [] : [{ frameworkId, executor }];
        });
    const before = heldOn(context.state, agentId);
    const recoveredBefore = context.allocator.recovered.length;
    registerAgent(context, { agent: agentRecord({ agentId }), reregistered: true, tasks, frameworks: [], executors });
    const returned = context.allocator.recovered.slice(recoveredBefore);
    this.adopted.push({
      frameworkId: '',
      role: '',
      agentId,
      resources: difference([...heldOn(context.state, agentId), ...returned], before),
    });
  }

  /** What was given and brought back must be what is held and what was returned, neither more nor less. */
  check(): void {
    const { context } = this;
    const held = AGENTS.flatMap((agentId) => heldOn(context.state, agentId));
    const out = sum([...held, ...context.allocator.recovered]);
    expect(out.toText()).toBe(sum([...this.given, ...this.adopted]).toText());
    const all = [...this.given, ...this.adopted].flatMap(({ resources }) => resources);
    // Who hears of it fact by fact never counts more than was held before or after.
    expect(context.changes.peakCpus).toBeLessThanOrEqual(cpusIn(all) - this.returnedBefore);
    context.changes.peakCpus = context.changes.toldCpus;
    this.returnedBefore = cpusIn(context.allocator.recovered.flatMap(({ resources }) => resources));
  }
}

const sum = (items: readonly { readonly resources: HeldResources['resources'] }[]): Resources =>
  Resources.fromJson(items.flatMap(({ resources }) => resources));

const difference = (now: readonly HeldResources[], before: readonly HeldResources[]): HeldResources['resources'] =>
  sum(now).minus(sum(before)).toJson();

describe('the books of the offers service', () => {
  it('hold or return everything that was given, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const player = new Player();
        for (const each of FRAMEWORKS.keys()) await player.play({ kind: 'subscribe', framework: each });
        for (const each of steps) {
          await player.play(each);
          player.check();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are empty once every framework is gone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const player = new Player();
        for (const each of FRAMEWORKS.keys()) await player.play({ kind: 'subscribe', framework: each });
        for (const each of steps) await player.play(each);
        for (const each of FRAMEWORKS.keys()) await player.play({ kind: 'teardown', framework: each });
        const { state } = player.context;
        expect(AGENTS.flatMap((agentId) => heldOn(state, agentId))).toEqual([]);
        expect([state.offers.size, [...state.tasks.allPresent()].length]).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
  });
});
