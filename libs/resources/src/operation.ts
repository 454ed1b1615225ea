import type { ResourceJson } from './json/resource-json.js';
import {
  type Conversion,
  createVolumesConversion,
  destroyVolumesConversion,
  growVolumeConversion,
  reserveConversion,
  shrinkVolumeConversion,
  unreserveConversion,
} from './conversions.js';
import type { Resource } from './resource.js';
import { ResourceError } from './resource.errors.js';
import { Resources } from './resources.js';
import { toMilli } from './values/milli.js';

/** The v1 document of an operation, as far as it says how resources change. */
export interface OperationJson {
  readonly type?: string;
  readonly reserve?: { readonly source?: readonly ResourceJson[]; readonly resources?: readonly ResourceJson[] };
  readonly unreserve?: { readonly resources?: readonly ResourceJson[] };
  readonly create?: { readonly volumes?: readonly ResourceJson[] };
  readonly destroy?: { readonly volumes?: readonly ResourceJson[] };
  readonly grow_volume?: { readonly volume: ResourceJson; readonly addition: ResourceJson };
  readonly shrink_volume?: {
    readonly volume: ResourceJson;
    readonly subtract: { readonly value: number | 'Infinity' | '-Infinity' | 'NaN' };
  };
}

/**
 * What an operation takes and what it makes of it. Allocation roles stay as they are in the document.
 *
 * @returns undefined for an operation that changes no resources of an agent, or changes them elsewhere: launches, disks of providers
 * @throws ResourceError with Mesos' text, for a document that breaks a rule of resources
 */
export function conversionOf(operation: OperationJson): Conversion | undefined {
  const { reserve, unreserve, create, destroy, grow_volume: grow, shrink_volume: shrink } = operation;
  switch (operation.type) {
    case 'RESERVE': {
      const source = read(reserve?.source);
      return reserveConversion(read(reserve?.resources), source.isEmpty ? undefined : source);
    }
    case 'UNRESERVE':
      return unreserveConversion(read(unreserve?.resources));
    case 'CREATE':
      return createVolumesConversion(read(create?.volumes));
    case 'DESTROY':
      return destroyVolumesConversion(read(destroy?.volumes));
    case 'GROW_VOLUME':
      return growVolumeConversion(only(grow?.volume), only(grow?.addition));
    case 'SHRINK_VOLUME':
      return shrinkVolumeConversion(only(shrink?.volume), toMilli(Number(shrink?.subtract.value ?? 0)));
    default:
      return undefined;
  }
}

const read = (list: readonly ResourceJson[] | undefined): Resources => Resources.fromJson(list ?? []);

function only(json: ResourceJson | undefined): Resource {
  const [resource] = read(json === undefined ? [] : [json]);
  if (resource === undefined) throw new ResourceError('resources/invalid', 'The operation names no resource');
  return resource;
}
