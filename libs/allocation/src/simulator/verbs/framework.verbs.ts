import type { FrameworkSpec } from '../../engine.js';
import { DEFAULT_FRAMEWORK_CAPABILITIES, frameworkCapabilities } from '../scenario/capabilities.js';
import { type Fields, listOf, mapOf } from '../scenario/fields.js';
import { offerConstraints } from '../scenario/offer-constraints.js';
import { boolean, id, quantities, role } from '../scenario/values.js';
import type { World } from '../world/world.js';
import type { Verb } from './verb.js';

const roles = listOf(role);

/** What a framework says of itself, as far as it is given. */
function readSpec(fields: Fields) {
  const minAllocatable = fields.optional('minAllocatableResources', mapOf(listOf(quantities), role));
  return {
    suppressedRoles: fields.optional('suppressedRoles', roles),
    capabilities: fields.optional('capabilities', frameworkCapabilities),
    minAllocatable: minAllocatable && Object.fromEntries(minAllocatable),
    offerConstraints: fields.optional('offerConstraints', offerConstraints),
  };
}

const addFramework: Verb = {
  name: 'addFramework',
  read(fields) {
    const frameworkId = fields.required('id', id);
    const subscribed = fields.required('roles', roles);
    const given = readSpec(fields);
    const isActive = fields.optional('active', boolean) ?? true;
    return (world) => {
      if (world.frameworks.has(frameworkId)) throw world.fault('id', `framework ${frameworkId} exists already`);
      const spec: FrameworkSpec = {
        ...given,
        id: frameworkId,
        roles: subscribed,
        suppressedRoles: given.suppressedRoles ?? [],
        capabilities: given.capabilities ?? DEFAULT_FRAMEWORK_CAPABILITIES,
      };
      checkSubscribed(world, 'suppressedRoles', spec.roles, spec.suppressedRoles);
      world.frameworks.set(frameworkId, spec);
      world.engine.addFramework(spec, isActive);
      world.cycle();
    };
  },
};

const updateFramework: Verb = {
  name: 'updateFramework',
  read(fields) {
    const frameworkId = fields.required('id', id);
    const subscribed = fields.optional('roles', roles);
    const given = readSpec(fields);
    return (world) => {
      const old = world.framework('id', frameworkId);
      const newRoles = subscribed ?? old.roles;
      const spec: FrameworkSpec = {
        id: frameworkId,
        roles: newRoles,
        suppressedRoles: given.suppressedRoles ?? old.suppressedRoles.filter((each) => newRoles.includes(each)),
        capabilities: given.capabilities ?? old.capabilities,
        minAllocatable: given.minAllocatable ?? old.minAllocatable,
        offerConstraints: given.offerConstraints ?? old.offerConstraints,
      };
      checkSubscribed(world, 'suppressedRoles', newRoles, spec.suppressedRoles);
      world.frameworks.set(frameworkId, spec);
      world.engine.updateFramework(spec);
      for (const offer of world.offersOf({ framework: frameworkId })) {
        if (!newRoles.includes(offer.role)) world.rescind(offer);
      }
    };
  },
};

const removeFramework: Verb = {
  name: 'removeFramework',
  read: (fields) => {
    const frameworkId = fields.required('id', id);
    return (world) => {
      world.framework('id', frameworkId);
      for (const offer of world.offersOf({ framework: frameworkId })) world.offers.delete(offer.id);
      world.forgetInverseOffers((framework) => framework === frameworkId);
      world.inUse.forget({ framework: frameworkId });
      world.engine.removeFramework(frameworkId);
      world.frameworks.delete(frameworkId);
    };
  },
};

const deactivateFramework: Verb = {
  name: 'deactivateFramework',
  read: (fields) => {
    const frameworkId = fields.required('id', id);
    return (world) => {
      world.framework('id', frameworkId);
      world.engine.setFrameworkActive(frameworkId, false);
      for (const offer of world.offersOf({ framework: frameworkId })) world.rescind(offer);
      world.forgetInverseOffers((framework) => framework === frameworkId);
    };
  },
};

const activateFramework: Verb = {
  name: 'activateFramework',
  read: (fields) => {
    const frameworkId = fields.required('id', id);
    return (world) => {
      world.framework('id', frameworkId);
      world.engine.setFrameworkActive(frameworkId, true);
      world.cycle();
    };
  },
};

const suppress: Verb = {
  name: 'suppress',
  read(fields) {
    const frameworkId = fields.required('framework', id);
    const given = fields.optional('roles', roles) ?? [];
    return (world) => {
      const spec = world.framework('framework', frameworkId);
      checkSubscribed(world, 'roles', spec.roles, given);
      const suppressed = new Set([...spec.suppressedRoles, ...(given.length > 0 ? given : spec.roles)]);
      world.frameworks.set(frameworkId, { ...spec, suppressedRoles: [...suppressed] });
      world.engine.suppress(frameworkId, given);
    };
  },
};

const revive: Verb = {
  name: 'revive',
  read(fields) {
    const frameworkId = fields.required('framework', id);
    const given = fields.optional('roles', roles) ?? [];
    return (world) => {
      const spec = world.framework('framework', frameworkId);
      checkSubscribed(world, 'roles', spec.roles, given);
      const revived = given.length > 0 ? given : spec.roles;
      const suppressedRoles = spec.suppressedRoles.filter((each) => !revived.includes(each));
      world.frameworks.set(frameworkId, { ...spec, suppressedRoles });
      world.engine.revive(frameworkId, given);
      world.cycle();
    };
  },
};

export const FRAMEWORK_VERBS: readonly Verb[] = [
  addFramework,
  updateFramework,
  removeFramework,
  deactivateFramework,
  activateFramework,
  suppress,
  revive,
];

function checkSubscribed(world: World, field: string, subscribed: readonly string[], given: readonly string[]): void {
  const other = given.find((each) => !subscribed.includes(each));
  if (other !== undefined) throw world.fault(field, `role ${other} is not subscribed`);
}
