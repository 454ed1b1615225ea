import type { AgentUsage, RecoverResources, UpdateAllocation } from '@tranche/contracts';
import type { OfferOperation, Resource } from '@tranche/mesos-api';
import { applyConversion, conversionOf, Resources } from '@tranche/resources';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { registerAgent } from '../agents/register-agent.js';
import { heldOn } from '../agents/report-usage.js';
import type { Framework } from '../frameworks/framework.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { makeOffers } from '../offers/make-offers.js';
import { updateTask } from '../tasks/update-task.js';
import { agentRecord, FakeAllocator, type Scene, scalar, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';

const CAPABILITIES = ['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESIZE_VOLUME'];
const START = [scalar('cpus', 8), scalar('disk', 64)];
const WEB = [{ type: 'DYNAMIC' as const, role: 'web' }];
const IDS = ['v', 'w'];

const disk = (value: number): Resource => ({ ...scalar('disk', value), reservations: WEB });
const volume = (id: string, value: number): Resource => ({
  ...disk(value),
  disk: { persistence: { id }, volume: { container_path: 'd', mode: 'RW' } },
});

const size = fc.integer({ min: 1, max: 32 });
const aVolume = fc.tuple(fc.constantFrom(...IDS), size).map(([id, value]) => volume(id, value));
/** What a framework is after; on which volume is seen when it has an offer. */
const wish = fc.record({
  type: fc.constantFrom('RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY', 'GROW_VOLUME', 'SHRINK_VOLUME'),
  id: fc.constantFrom(...IDS),
  size,
});
type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;

/** The operation for a wish, on the volume of that name if there is one. */
function operationFor({ type, id, size: value }: Wish, left: Resources): OfferOperation {
  const there = left.filter((resource) => resource.disk?.persistence?.id === id).toJson()[0] ?? volume(id, value);
  switch (type) {
    case 'RESERVE':
      return { type: 'RESERVE', reserve: { resources: [disk(value)] } };
    case 'UNRESERVE':
      return { type: 'UNRESERVE', unreserve: { resources: [disk(value)] } };
    case 'CREATE':
      return { type: 'CREATE', create: { volumes: [volume(id, value)] } };
    case 'DESTROY':
      return { type: 'DESTROY', destroy: { volumes: [there] } };
    case 'GROW_VOLUME':
      return { type: 'GROW_VOLUME', grow_volume: { volume: there, addition: disk(value) } };
    default:
      return { type: 'SHRINK_VOLUME', shrink_volume: { volume: there, subtract: { value } } };
  }
}

type Step =
  | { kind: 'offer'; share: number }
  | { kind: 'accept'; wishes: Wish[]; tasks: Resource[][] }
  | { kind: 'end'; pick: number }
  | { kind: 'register'; done: number };

const use = fc.oneof(
  size.map((n) => disk(n)),
  aVolume,
  fc.constantFrom(0.5, 1).map((n) => scalar('cpus', n)),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('offer' as const), share: fc.nat(2) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('accept' as const),
      wishes: fc.array(wish, { maxLength: 4 }),
      tasks: fc.array(fc.array(use, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('register' as const), done: fc.nat() }) },
);

/** An allocator that believes what it is told, in order, and nothing else. */
class Books extends FakeAllocator {
  total = Resources.fromJson(START);
  held = Resources.EMPTY;

  override recover({ resources }: RecoverResources): void {
    const freed = Resources.fromJson(resources);
    expect(this.held.contains(freed)).toBe(true);
    this.held = this.held.minus(freed);
  }
  override convert(items: readonly UpdateAllocation[]): void {
    for (const item of items) {
      const [consumed, converted] = [Resources.fromJson(item.consumed), Resources.fromJson(item.converted)];
      expect([this.held.contains(consumed), this.total.contains(consumed)]).toEqual([true, true]);
      this.held = this.held.minus(consumed).plus(converted);
      this.total = this.total.minus(consumed).plus(converted);
    }
  }
  override usage({ held, total }: AgentUsage): void {
    this.held = Resources.fromJson(held.flatMap(({ resources }) => resources));
    if (total !== undefined) this.total = Resources.fromJson(total);
  }
}

class Player {
  readonly books = new Books();
  readonly context: Scene = { ...scene(), allocator: this.books };
  readonly framework: Framework;
  /** How many of the operations that were sent the agent has done. */
  private done = 0;
  private tasks = 0;

  constructor() {
    this.context.state.agents.set(agentOf(agentRecord({ resources: START, capabilities: CAPABILITIES })));
    this.framework = subscribe(this.context).framework;
  }

  async play(one: Step): Promise<void> {
    switch (one.kind) {
      case 'offer':
        return this.offer(one.share);
      case 'accept':
        return this.accept(one);
      case 'end':
        return this.end(one.pick);
      case 'register':
        return this.register(one.done);
    }
  }

  /** Offers what is free: all of it, or one kind. */
  private offer(share: number): void {
    const free = [...this.books.total.minus(this.books.held)];
    const chosen = Resources.of(free.filter((_resource, i) => share === 2 || i % 2 === share));
    if (chosen.isEmpty) return;
    this.books.held = this.books.held.plus(chosen);
    const { frameworkId } = this.framework;
    const item = { frameworkId, role: 'web', agentId: 'S1', resources: chosen.toJson(), epoch: 'E', run: 1 };
    makeOffers(this.context, this.context.expiry, [item]);
  }

  private async accept({ wishes, tasks }: Extract<Step, { kind: 'accept' }>): Promise<void> {
    const { offers: table } = this.context.state;
    if (table.size === 0) this.offer(2);
    const offers = table.ofFramework(this.framework.frameworkId);
    const infos = tasks.map((resources) => taskInfo(`t${this.tasks++}`, { resources }));
    const launch = { type: 'LAUNCH' as const, launch: { task_infos: infos } };
    const offer_ids = offers.map(({ record }) => ({ value: record.offerId }));
    const left = Resources.fromJson(offers.flatMap(({ held }) => [...held]));
    const operations = wishes.map((one) => operationFor(one, left));
    await acceptOffers(this.context, this.framework, { offer_ids, operations: [...operations, launch] }, 'trace');
  }

  private end(pick: number): void {
    const present = [...this.context.state.tasks.allPresent()];
    const task = present[pick % Math.max(1, present.length)];
    if (task === undefined) return;
    const { agentId, frameworkId, taskId } = task.record;
    const status = { task_id: { value: taskId }, state: 'TASK_FINISHED' as const, uuid: taskId, timestamp: 1 };
    updateTask(this.context, { agentId, frameworkId, taskId, traceId: '', status });
  }

  /** What the agent has after it has done the first of the operations that it was sent. */
  truth(count: number): Resources {
    const seen = new Set<string>();
    const sent = this.context.agents.applied.filter(({ operationUuid: id }) => seen.size < seen.add(id).size);
    return sent.slice(0, count).reduce((total, { info }) => {
      const conversion = conversionOf(info);
      if (conversion === undefined) throw new Error(`no conversion of ${info.type ?? ''}`);
      const { consumed, converted } = conversion;
      const result = applyConversion(total, consumed.withoutAllocationRole(), converted.withoutAllocationRole());
      if (!result.ok) throw new Error(result.reason);
      return result.resources;
    }, Resources.fromJson(START));
  }

  /** The agent comes back with all its tasks; some of the operations it was sent it has done, the others it has never heard of. */
  private register(done: number): void {
    const { context } = this;
    const sent = new Set(context.agents.applied.map(({ operationUuid }) => operationUuid));
    this.done = Math.max(this.done, done % (sent.size + 1));
    const uuids = [...sent].slice(0, this.done);
    for (const operationUuid of uuids) {
      const known = context.state.operations.get(operationUuid);
      if (known !== undefined) context.state.operations.remove(known);
    }
    const tasks = context.state.tasks.ofAgent('S1').map(({ record }) => ({
      frameworkId: record.frameworkId,
      task: record.info,
      role: record.role,
      latestStatus: record.statuses.at(-1) ?? { task_id: { value: record.taskId }, state: 'TASK_RUNNING' as const },
      traceId: '',
    }));
    const agent = agentRecord({ resources: this.truth(this.done).toJson(), capabilities: CAPABILITIES });
    registerAgent(context, { agent, reregistered: true, tasks, frameworks: [] });
  }

  check(): void {
    const { state } = this.context;
    const total = state.totals.of('S1');
    const held = Resources.fromJson(heldOn(state, 'S1').flatMap(({ resources }) => resources));
    expect(held.toText()).toBe(this.books.held.toText());
    expect(total.toText()).toBe(this.books.total.toText());
    expect(total.contains(held)).toBe(true);
    expect(total.toText()).toBe(this.truth(Number.POSITIVE_INFINITY).toText());
    expect(total.withoutReservations().scalarMilli('disk')).toBe(64_000);
    expect(total.scalarMilli('cpus')).toBe(8_000);
  }
}

describe('operations of schedulers', () => {
  it('leave books, allocator and agent with the same, whatever comes between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), async (steps) => {
        const player = new Player();
        for (const one of steps) {
          await player.play(one);
          player.check();
        }
      }),
      { numRuns: 100 },
    );
  });
});
