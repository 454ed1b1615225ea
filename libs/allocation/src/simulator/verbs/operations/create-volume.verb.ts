import { type DiskSource, type Resource, type Resources, toMilli } from '@tranche/resources';
import { ScenarioFault } from '../../scenario.errors.js';
import { type Fields, readBoolean, readFinite, readId, readText } from '../../parse/fields.js';
import { readRole } from '../../parse/parse-values.js';
import type { Simulation } from '../../simulation.js';
import type { Verb } from '../verb.js';
import { checkPlace, findSingle, operate, readPlace } from './operation.js';

interface VolumeFields {
  readonly id: string;
  readonly role: string;
  readonly isShared: boolean;
  /** The disk that it is made of, as people name it. */
  readonly disk: Resource;
}

/** Reserved disk becomes a persistent volume. */
export const createVolume: Verb = {
  name: 'createVolume',
  parse(fields) {
    const place = readPlace(fields);
    const volume = readVolume(fields);
    return (simulation) => {
      checkPlace(simulation, fields, place);
      return (
        volumeError(simulation, place.agentId, volume) ??
        operate(simulation, place, {
          ...findSingle(volume.disk),
          convert: (found) => asVolume(found, volume),
        })
      );
    };
  },
};

function readVolume(fields: Fields): VolumeFields {
  const id = fields.required('id', readVolumeId);
  const milli = toMilli(fields.required('size', readFinite));
  if (milli <= 0 || !Number.isSafeInteger(milli)) throw fields.fault('size', 'must be above zero, and at most 9e12');
  const role = fields.required('role', readRole);
  const source = fields.optional('source', readSource);
  const disk: Resource = {
    name: 'disk',
    value: { kind: 'scalar', milli },
    reservations: role === '*' ? [] : [{ type: 'STATIC', role }],
    ...(source && { disk: { source } }),
  };
  return { id, role, isShared: fields.optional('shared', readBoolean) ?? false, disk };
}

function volumeError(simulation: Simulation, agentId: string, { id, role }: VolumeFields): string | undefined {
  if (role === '*') return 'a volume is made of reserved disk';
  for (const resource of simulation.engine.view.total(agentId) ?? []) {
    if (resource.disk?.persistence?.id === id && resource.reservations.at(-1)?.role === role) {
      return `role ${role} has a volume ${id} on ${agentId} already`;
    }
  }
  return undefined;
}

/** @param found one object */
function asVolume(found: Resources, { id, isShared }: VolumeFields): Resources {
  return found.map((disk) => {
    const volume = { ...disk, disk: { ...disk.disk, persistence: { id } } };
    return isShared ? { ...volume, shared: true, copies: 1 } : volume;
  });
}

function readVolumeId(value: unknown, path: string): string {
  const id = readId(value, path);
  if (id === '.' || id === '..' || id.length > 255 || /[/\\]|\p{Cc}/u.test(id)) {
    throw new ScenarioFault(path, `${JSON.stringify(id.slice(0, 60))} cannot be the id of a volume`);
  }
  return id;
}

function readSource(value: unknown, path: string): DiskSource {
  const text = readText(value, path);
  const [, rooted, root, bare] = /^(?:(MOUNT|PATH):([^,[\]]+)|(RAW|BLOCK))$/.exec(text) ?? [];
  if (rooted !== undefined && root !== undefined) return { type: rooted as 'MOUNT' | 'PATH', root };
  if (bare !== undefined) return { type: bare as 'RAW' | 'BLOCK' };
  throw new ScenarioFault(path, 'expected MOUNT:/root, PATH:/root, RAW or BLOCK');
}
