import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { Offer } from '../generated/mesos.js';
import { objectOf } from './json-text.js';
import { resourcesJson } from './resources-json.js';

/** An outstanding offer: the v1 document before it is fitted to its framework, so that it names its role. */
export type ClassicOffer = Pick<Offer, 'id' | 'framework_id' | 'agent_id' | 'allocation_info' | 'resources'>;

/** An offer of a framework of `/state` and `/frameworks`. */
export function offerJson(offer: ClassicOffer): string {
  return objectOf([
    ['id', jsonString(offer.id.value)],
    ['framework_id', jsonString(offer.framework_id.value)],
    ['allocation_info', encodeJson(messageTypes.ResourceAllocationInfo, offer.allocation_info ?? {})],
    ['slave_id', jsonString(offer.agent_id.value)],
    ['resources', resourcesJson(offer.resources ?? [])],
  ]);
}
