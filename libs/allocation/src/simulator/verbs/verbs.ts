import { activateAgent } from './agents/activate-agent.verb.js';
import { addAgent } from './agents/add-agent.verb.js';
import { addResourceProvider } from './agents/add-resource-provider.verb.js';
import { deactivateAgent } from './agents/deactivate-agent.verb.js';
import { removeAgent } from './agents/remove-agent.verb.js';
import { setMaintenance } from './agents/set-maintenance.verb.js';
import { setWhitelist } from './agents/set-whitelist.verb.js';
import { updateAgent } from './agents/update-agent.verb.js';
import { activateFramework } from './frameworks/activate-framework.verb.js';
import { addFramework } from './frameworks/add-framework.verb.js';
import { deactivateFramework } from './frameworks/deactivate-framework.verb.js';
import { removeFramework } from './frameworks/remove-framework.verb.js';
import { revive } from './frameworks/revive.verb.js';
import { suppress } from './frameworks/suppress.verb.js';
import { updateFramework } from './frameworks/update-framework.verb.js';
import { accept } from './offers/accept.verb.js';
import { decline } from './offers/decline.verb.js';
import { recover } from './offers/recover.verb.js';
import { respondInverseOffer } from './offers/respond-inverse-offer.verb.js';
import { createVolume } from './operations/create-volume.verb.js';
import { destroyVolume } from './operations/destroy-volume.verb.js';
import { reserve } from './operations/reserve.verb.js';
import { unreserve } from './operations/unreserve.verb.js';
import { setQuota } from './policy/set-quota.verb.js';
import { setWeight } from './policy/set-weight.verb.js';
import { advance } from './time/advance.verb.js';
import { allocate } from './time/allocate.verb.js';
import type { Verb } from './verb.js';

/** Everything that a step can do. A new verb is its file and a line here. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  [
    ...[addAgent, updateAgent, removeAgent, deactivateAgent, activateAgent],
    ...[addResourceProvider, setWhitelist, setMaintenance],
    ...[addFramework, updateFramework, removeFramework, activateFramework, deactivateFramework, suppress, revive],
    ...[accept, decline, recover, respondInverseOffer],
    ...[reserve, unreserve, createVolume, destroyVolume],
    ...[setQuota, setWeight],
    ...[advance, allocate],
  ].map((verb) => [verb.name, verb] as const),
);
