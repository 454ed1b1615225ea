import type { OperationStatus } from '@tranche/mesos-api';
import { type Resource, Resources } from '@tranche/resources';
import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { Ids } from '../ids.port.js';
import type { VolumeStore } from '../volumes/volume-store.port.js';
import type { OperationRequest } from './agent-operation.js';
import { type AgentResources, checkpointOf } from './agent-resources.js';
import { decideOperation, type OperationDecision } from './decide-operation.js';
import type { OperationUpdates } from './operation-updates.js';
import type { DoomedVolume } from './operations-record.js';

export interface ApplyOperationsSettings {
  /** What live tasks and executors hold, without allocation roles. */
  readonly held: () => Resources;
  readonly ids: Ids;
  readonly logger: Logger;
}

/**
 * Changes the agent's resources: reserves, unreserves, makes, grows, shrinks and destroys volumes.
 *
 * The order is what makes a crash at any point harmless. A new volume's folder is there before the volume is written down; a destroyed
 * volume is written down before its data is put aside, and its data is put aside before the status is sent. What a crash leaves half done
 * is done by `settle` at the next start. The operations of an agent are applied one after another, in the order of its queue.
 */
export class ApplyOperations {
  constructor(
    private readonly ledger: Ledger,
    private readonly resources: AgentResources,
    private readonly volumes: VolumeStore,
    private readonly updates: OperationUpdates,
    private readonly settings: ApplyOperationsSettings,
  ) {}

  /** @returns when the operations are on disk and carried out. @throws CheckpointFailedError */
  async apply(requests: readonly OperationRequest[]): Promise<void> {
    for (const request of requests) await this.applyOne(request);
  }

  /** Does what an agent before this one had still to do. Call once, before anything is launched. */
  async settle(): Promise<void> {
    const { operations } = this.ledger.state;
    const { unfit } = this.resources;
    if (!unfit.isEmpty)
      this.settings.logger.warn('no room for reservations or volumes: they wait', { unfit: unfit.toString() });
    for (const doomed of operations.doomed) await this.putAside(doomed);
    for (const volume of Resources.fromJson(operations.checkpointed)) {
      if (volume.disk?.persistence === undefined) continue;
      await this.volumes.ensure(volume).catch((error: unknown) => {
        this.settings.logger.error('volume has no folder', { volume: volume.disk?.persistence?.id, error });
      });
    }
    this.deleteInBackground(operations.doomed);
  }

  private async applyOne(request: OperationRequest): Promise<void> {
    const known = this.ledger.state.operations.operation(request.operationUuid);
    if (known !== undefined) return this.updates.send(known);
    const have = { total: this.resources.total, unfit: this.resources.unfit };
    const full = this.refuseOnFullDisk(request);
    const decision = full ?? (await this.prepare(decideOperation(request.info, have, this.settings.held())));
    const { operationUuid } = request;
    if (decision.ok) this.resources.become(decision.resources);
    const status = this.statusOf(request, decision);
    const doomed = decision.ok ? this.doom(operationUuid, decision.destroyedVolumes) : [];
    const checkpointed = decision.ok ? checkpointOf(decision.resources) : undefined;
    await this.ledger.record({
      kind: 'operation',
      request,
      status,
      ...(checkpointed === undefined ? {} : { checkpointed }),
      ...(doomed.length === 0 ? {} : { doomed }),
    });
    const { type } = request.info;
    this.settings.logger.info('operation applied', {
      operationUuid,
      type,
      state: status.state,
      message: status.message,
    });
    for (const volume of doomed) await this.putAside(volume);
    this.updates.send({ ...request, status, isPending: status.uuid !== undefined });
    this.deleteInBackground(doomed);
  }

  /** What gives room back is done all the same. */
  private refuseOnFullDisk({ info }: OperationRequest): OperationDecision | undefined {
    const { shortage } = this.ledger;
    if (shortage === undefined || info.type === 'DESTROY' || info.type === 'UNRESERVE') return undefined;
    return { ok: false, state: 'OPERATION_FAILED', message: `Operation cannot be checkpointed: ${shortage}` };
  }

  /** Makes the folders of new volumes; one that cannot be made fails the operation as a whole. */
  private async prepare(decision: OperationDecision): Promise<OperationDecision> {
    if (!decision.ok) return decision;
    const made: Resource[] = [];
    for (const volume of decision.madeVolumes) {
      try {
        await this.volumes.create(volume);
        made.push(volume);
      } catch (error) {
        for (const undone of made) await this.volumes.undo(undone);
        const message = `Volume ${volume.disk?.persistence?.id ?? ''} cannot be made: ${(error as Error).message}`;
        return { ok: false, state: 'OPERATION_FAILED', message };
      }
    }
    return decision;
  }

  /** Only an operation with an id of its framework's gets a status that is to be acknowledged. @source Mesos 1.11: operation feedback */
  private statusOf({ operationId }: OperationRequest, decision: OperationDecision): OperationStatus {
    return {
      ...(operationId === undefined ? {} : { operation_id: { value: operationId } }),
      ...(decision.ok
        ? { state: 'OPERATION_FINISHED', converted_resources: decision.converted.toJson() }
        : { state: decision.state, message: decision.message }),
      ...(operationId === undefined ? {} : { uuid: { value: this.settings.ids.updateId() } }),
      agent_id: { value: this.ledger.state.agentId ?? '' },
    };
  }

  private doom(operationUuid: string, volumes: readonly Resource[]): DoomedVolume[] {
    const name = Buffer.from(operationUuid, 'base64').toString('hex');
    return volumes.map((volume, index) => {
      const [document] = Resources.of([volume]).toJson();
      if (document === undefined) throw new Error('an empty volume was destroyed');
      return { volume: document, trash: `${name}-${index}` };
    });
  }

  /** Data that cannot be moved stays where it is, named in the journal, until the agent's next start: it tries again. */
  private async putAside({ volume, trash }: DoomedVolume): Promise<void> {
    try {
      await this.volumes.putAside(resourceOf(volume), trash);
    } catch (error) {
      this.settings.logger.error('data of a destroyed volume could not be put aside', { trash, error });
    }
  }

  private deleteInBackground(doomed: readonly DoomedVolume[]): void {
    for (const { volume, trash } of doomed) {
      this.volumes.delete(resourceOf(volume), trash).then(
        () => this.ledger.note({ kind: 'volumes-removed', trashes: [trash] }),
        (error: unknown) =>
          this.settings.logger.error('data of a destroyed volume could not be deleted', { trash, error }),
      );
    }
  }
}

function resourceOf(document: DoomedVolume['volume']): Resource {
  const [resource] = Resources.fromJson([document]);
  if (resource === undefined) throw new Error('a doomed volume is empty');
  return resource;
}
