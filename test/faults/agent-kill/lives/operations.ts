import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Offer, OfferOperation, Resource } from '@tranche/mesos-api';
import {
  createOperation,
  destroyOperation,
  persistentVolume,
  reserved,
  reserveOperation,
  unreserveOperation,
} from '@tranche/scheduler';
import type { KillStage } from '../kill-stage.js';
import { type Life, livingThrough, type Outcomes } from '../life.js';
import { scalars } from './on-executor.js';

const ROLE = { role: 'faults', principal: 'faults' };
const DISK_MB = 64;

const isReserved = ({ name, reservations, disk }: Resource): boolean =>
  name === 'disk' && (reservations ?? []).length > 0 && disk?.persistence === undefined;
const hasVolume =
  (id: string) =>
  ({ disk }: Resource): boolean =>
    disk?.persistence?.id === id;
const has =
  (isWanted: (resource: Resource) => boolean) =>
  ({ resources = [] }: Offer): boolean =>
    resources.some(isWanted);

/** Reserves disk, makes a volume of it, destroys the volume, gives the disk back; what came about is undone all the same. @returns what became of each operation */
async function live(stage: KillStage): Promise<string> {
  const volumeId = stage.id('volume');
  const disks = reserved(scalars({ disk: DISK_MB }), ROLE);
  const volumes = disks.map((disk) =>
    persistentVolume(disk, { id: volumeId, containerPath: 'data', principal: 'faults' }),
  );
  const folder = join(stage.workDir, 'volumes/roles/faults', volumeId);
  const told: string[] = [];
  const apply = async (
    name: string,
    make: (options: { id: string }) => OfferOperation,
    isFit?: (offer: Offer) => boolean,
  ): Promise<boolean> => {
    const id = stage.id(name);
    stage.operations.push(id);
    await stage.tasks.accept(() => [make({ id })], isFit);
    const { state, message } = await stage.tasks.operationEnded(id);
    told.push(`${name}: ${state}${message === undefined ? '' : `: ${message}`}`);
    return state === 'OPERATION_FINISHED';
  };
  if (!(await apply('reserve', (options) => reserveOperation(disks, options)))) return told.join(', ');
  if (await apply('create', (options) => createOperation(volumes, options), has(isReserved))) {
    told.push(`folder ${existsSync(folder) ? 'there' : 'missing'}`);
    await apply('destroy', (options) => destroyOperation(volumes, options), has(hasVolume(volumeId)));
    told.push(`folder ${existsSync(folder) ? 'left' : 'gone'}`);
  }
  await apply('unreserve', (options) => unreserveOperation(disks, options), has(isReserved));
  return told.join(', ');
}

const DONE: Outcomes = [
  [
    'reserve: OPERATION_FINISHED',
    'create: OPERATION_FINISHED',
    'folder there',
    'destroy: OPERATION_FINISHED',
    'folder gone',
    'unreserve: OPERATION_FINISHED',
  ].join(', '),
];

export const operations: Life = {
  title: 'operations',
  unharmed: DONE,
  steps: [
    ['before checkpoint of operation of reserve', DONE],
    ['after checkpoint of operation of reserve', DONE],
    ['before report of OPERATION_FINISHED of reserve', DONE],
    ['before checkpoint of the acknowledgement of reserve', DONE],
    ['after report of OPERATION_FINISHED of reserve', DONE],
    ['after checkpoint of the acknowledgement of reserve', DONE],
    ['before the folder of a volume', DONE],
    ['after the folder of a volume', DONE],
    ['before checkpoint of operation of create', DONE],
    ['after checkpoint of operation of create', DONE],
    ['before report of OPERATION_FINISHED of create', DONE],
    ['after report of OPERATION_FINISHED of create', DONE],
    ['before checkpoint of the acknowledgement of create', DONE],
    ['after checkpoint of the acknowledgement of create', DONE],
    ['before checkpoint of operation of destroy', DONE],
    ['after checkpoint of operation of destroy', DONE],
    ['before putting a volume aside', DONE],
    ['after putting a volume aside', DONE],
    ['before report of OPERATION_FINISHED of destroy', DONE],
    ['before deleting a volume', DONE],
    ['after report of OPERATION_FINISHED of destroy', DONE],
    ['after deleting a volume', DONE],
    ['before checkpoint of the removal of a volume', DONE],
    ['after checkpoint of the removal of a volume', DONE],
    ['before checkpoint of the acknowledgement of destroy', DONE],
    ['after checkpoint of the acknowledgement of destroy', DONE],
    ['before checkpoint of operation of unreserve', DONE],
    ['after checkpoint of operation of unreserve', DONE],
    ['before report of OPERATION_FINISHED of unreserve', DONE],
    ['after report of OPERATION_FINISHED of unreserve', DONE],
    ['before checkpoint of the acknowledgement of unreserve', DONE],
    ['after checkpoint of the acknowledgement of unreserve', DONE],
  ],
  live: (stage, fault) => livingThrough(fault, () => live(stage)),
};
