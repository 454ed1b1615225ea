import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Resources } from '@tranche/resources';
import { FakeClock, silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentState } from '../checkpoint/agent-state.js';
import { MemoryCheckpoint } from '../checkpoint/checkpoint.memory.js';
import { Ledger } from '../checkpoint/ledger.js';
import type { CheckpointRecord } from '../checkpoint/record.js';
import { FakeIds } from '../testing/fake-ids.js';
import { operationRequest, reserve, scalar, volume, volumeOperation } from '../testing/operation.builder.js';
import { FileVolumeStore } from '../volumes/volume-store.fs.js';
import type { AgentOperation } from './agent-operation.js';
import { AgentResources } from './agent-resources.js';
import { ApplyOperations } from './apply-operations.js';
import { OperationUpdates } from './operation-updates.js';

/** An agent's operations over a real folder; `restart` makes another one of what the journal has. */
class World {
  readonly clock = new FakeClock();
  readonly sent: AgentOperation[] = [];
  readonly checkpoint = new MemoryCheckpoint();
  readonly state = new AgentState();
  readonly resources: AgentResources;
  readonly updates: OperationUpdates;
  readonly operations: ApplyOperations;
  held = Resources.EMPTY;

  constructor(
    readonly workDir: string,
    records: Iterable<CheckpointRecord> = [{ kind: 'agent', agentId: 'S0' }],
    configured = 'cpus:4;disk:100',
    readonly ids = new FakeIds(),
  ) {
    for (const record of records) this.state.apply(record);
    const ledger = new Ledger(this.state, this.checkpoint);
    this.resources = new AgentResources(Resources.parse(configured), this.state.operations.checkpointed);
    this.updates = new OperationUpdates(ledger, { send: (operation) => this.sent.push(operation) }, this.clock);
    this.operations = new ApplyOperations(ledger, this.resources, new FileVolumeStore(workDir), this.updates, {
      held: () => this.held,
      ids,
      logger: silentLogger,
    });
    this.updates.resume();
  }

  async restart(configured?: string): Promise<World> {
    const next = new World(this.workDir, this.state.snapshot(), configured, this.ids);
    await next.operations.settle();
    return next;
  }

  get total(): string {
    return this.resources.total.toText();
  }

  get states(): string[] {
    return this.sent.map(({ status }) => status.state);
  }
}

describe('ApplyOperations', () => {
  let workDir: string;
  let world: World;

  beforeEach(() => {
    workDir = mkdtempSync(join(tmpdir(), 'tranche-operations-'));
    world = new World(workDir);
  });

  afterEach(() => rmSync(workDir, { recursive: true }));

  const data = (): string => join(workDir, 'volumes/roles/web/v');
  const reserveDisk = operationRequest(reserve(scalar('disk', 50)), 1, 'op-1');
  const create = operationRequest(volumeOperation('CREATE', volume('v', 20)), 2, 'op-2');
  const destroy = operationRequest(volumeOperation('DESTROY', volume('v', 20)), 3, 'op-3');

  it('sends what was not acknowledged again when the broker is back, but not while it is paused', async () => {
    await world.operations.apply([reserveDisk]);
    const before = world.sent.length;
    world.updates.repeat();
    expect(world.sent).toHaveLength(before + 1);
    world.updates.pause();
    world.updates.repeat();
    expect(world.sent).toHaveLength(before + 1);
  });

  it('reserves, makes a volume and its folder, and says so', async () => {
    await world.operations.apply([reserveDisk, create]);
    expect(world.total).toBe('cpus:4; disk:50; disk(web):30; disk(web)[v]:20');
    expect(readdirSync(data())).toEqual([]);
    expect(world.sent.map(({ status }) => status)).toMatchObject([
      { operation_id: { value: 'op-1' }, state: 'OPERATION_FINISHED', agent_id: { value: 'S0' } },
      { operation_id: { value: 'op-2' }, state: 'OPERATION_FINISHED', converted_resources: [{ name: 'disk' }] },
    ]);
    expect(world.sent[0]?.status.converted_resources?.[0]).not.toHaveProperty('allocation_info');
  });

  it('has it again after a restart, data included, and sends what was not acknowledged', async () => {
    await world.operations.apply([reserveDisk, create]);
    writeFileSync(join(data(), 'file'), 'kept');
    world.updates.acknowledge(create.operationUuid, world.sent[1]?.status.uuid?.value ?? '');
    const next = await world.restart();
    expect(next.total).toBe(world.total);
    expect(next.sent.map(({ operationId }) => operationId)).toEqual(['op-1']);
    expect(readFileSync(join(data(), 'file'), 'utf8')).toBe('kept');
  });

  it('sends a status again until it is acknowledged', async () => {
    await world.operations.apply([reserveDisk]);
    world.clock.advance(10_000);
    world.clock.advance(20_000);
    expect(world.sent).toHaveLength(3);
    world.updates.acknowledge(reserveDisk.operationUuid, 'another');
    world.updates.acknowledge(reserveDisk.operationUuid, world.sent[0]?.status.uuid?.value ?? '');
    world.clock.advance(1_000_000);
    expect(world.sent).toHaveLength(3);
    expect(world.updates.reports()).toEqual([]);
  });

  it('applies a repeated operation once and repeats its status, also after a restart', async () => {
    await world.operations.apply([reserveDisk, reserveDisk]);
    const next = await world.restart();
    await next.operations.apply([reserveDisk]);
    expect(world.total).toBe('cpus:4; disk:50; disk(web):50');
    expect(next.total).toBe(world.total);
    expect(world.sent).toHaveLength(2);
    expect(new Set([...world.sent, ...next.sent].map(({ status }) => status.uuid?.value)).size).toBe(1);
  });

  it('tells an operation without an id once, and again at registration', async () => {
    const { operationId: _, ...anonymous } = reserveDisk;
    await world.operations.apply([anonymous]);
    world.clock.advance(1_000_000);
    expect(world.sent).toHaveLength(1);
    expect(world.sent[0]?.status).not.toHaveProperty('uuid');
    expect(world.updates.reports()).toMatchObject([
      { operationUuid: reserveDisk.operationUuid, latestStatus: { state: 'OPERATION_FINISHED' } },
    ]);
  });

  it('destroys a volume with its data', async () => {
    await world.operations.apply([reserveDisk, create]);
    writeFileSync(join(data(), 'file'), 'gone');
    await world.operations.apply([destroy]);
    expect(existsSync(data())).toBe(false);
    expect(world.total).toBe('cpus:4; disk:50; disk(web):50');
    await expect.poll(() => world.state.operations.doomed).toEqual([]);
    expect(readdirSync(join(workDir, 'volumes/removed'))).toEqual([]);
  });

  it('deletes at the next start what a crash left of a destroyed volume, before anything else sees it', async () => {
    await world.operations.apply([reserveDisk, create]);
    writeFileSync(join(data(), 'file'), 'gone');
    const records = [...world.state.snapshot()];
    const { traceId, info, operationUuid } = destroy;
    const document = { ...volume('v', 20), allocation_info: undefined };
    const next = new World(workDir, [
      ...records,
      {
        kind: 'operation',
        request: { traceId, info, operationUuid },
        status: { state: 'OPERATION_FINISHED' },
        checkpointed: [scalar('disk', 50)],
        doomed: [{ volume: document, trash: 'x-0' }],
      },
    ]);
    await next.operations.settle();
    expect(existsSync(data())).toBe(false);
    await expect.poll(() => next.state.operations.doomed).toEqual([]);
  });

  it('makes the folder of a volume again that a crash or an operator has taken', async () => {
    await world.operations.apply([reserveDisk, create]);
    rmSync(data(), { recursive: true });
    await world.restart();
    expect(readdirSync(data())).toEqual([]);
  });

  it('refuses to destroy a volume that is in use', async () => {
    await world.operations.apply([reserveDisk, create]);
    world.held = Resources.fromJson([volume('v', 20)]).withoutAllocationRole();
    await world.operations.apply([destroy]);
    expect(world.states.at(-1)).toBe('OPERATION_FAILED');
    expect(existsSync(data())).toBe(true);
  });

  it('gives nobody data that is not theirs', async () => {
    mkdirSync(data(), { recursive: true });
    writeFileSync(join(data(), 'file'), 'of somebody else');
    await world.operations.apply([reserveDisk, create]);
    expect(world.sent.at(-1)?.status).toMatchObject({
      state: 'OPERATION_FAILED',
      message: `Volume v cannot be made: ${data()} holds data already`,
    });
    expect(world.total).toBe('cpus:4; disk:50; disk(web):50');
  });

  it('reports an operation that does not fit, and changes nothing', async () => {
    await world.operations.apply([create]);
    expect(world.states).toEqual(['OPERATION_DROPPED']);
    expect(world.total).toBe('cpus:4; disk:100');
    expect(existsSync(data())).toBe(false);
  });

  it('keeps a volume that a smaller agent has no room for, and has it again when there is room', async () => {
    await world.operations.apply([reserveDisk, create]);
    writeFileSync(join(data(), 'file'), 'kept');
    const small = await world.restart('cpus:4;disk:10');
    expect([small.total, small.resources.unfit.toText()]).toEqual([
      'cpus:4; disk(web):10',
      'disk(web):20; disk(web)[v]:20',
    ]);
    const large = await small.restart('cpus:4;disk:100');
    expect(large.total).toBe('cpus:4; disk:50; disk(web):30; disk(web)[v]:20');
    expect(readFileSync(join(data(), 'file'), 'utf8')).toBe('kept');
  });
});
