import { resolveReference, Resources } from '@tranche/resources';
import { boolean, id, number, resources, role } from '../scenario/values.js';
import type { Offer } from '../world/offer.js';
import { inverseKey, type World } from '../world/world.js';
import type { Verb } from './verb.js';

/** Seconds of a refusal that says nothing else. */
const DEFAULT_REFUSE_SECONDS = 5;

const accept: Verb = {
  name: 'accept',
  read(fields) {
    const framework = fields.required('framework', id);
    const agent = fields.required('agent', id);
    const inRole = fields.optional('role', role);
    const use = fields.optional('use', resources);
    const refuse = fields.optional('refuse', number) ?? DEFAULT_REFUSE_SECONDS;
    return (world) => {
      world.framework('framework', framework);
      world.agent('agent', agent);
      const offers = outstanding(world, { framework, agent, role: inRole });
      const [first] = offers as [Offer];
      if (offers.some((offer) => offer.role !== first.role)) {
        throw world.fault('role', `is missing: ${framework} has offers of ${agent} for several roles`);
      }
      const all = sum(offers);
      const used = use === undefined ? all : resolveReference(all, use);
      if (used === undefined) throw world.fault('use', `more than is offered, which is ${all.toText()}`);
      for (const offer of offers) world.offers.delete(offer.id);
      world.inUse.add({ framework, role: first.role, agent, resources: used });
      world.giveBack(first, all.minus(used), refuse);
    };
  },
};

const decline: Verb = {
  name: 'decline',
  read(fields) {
    const framework = fields.required('framework', id);
    const agent = fields.optional('agent', id);
    const inRole = fields.optional('role', role);
    const part = fields.optional('resources', resources);
    const refuse = fields.optional('refuse', number) ?? DEFAULT_REFUSE_SECONDS;
    return (world) => {
      world.framework('framework', framework);
      if (agent !== undefined) world.agent('agent', agent);
      const offers = outstanding(world, { framework, agent, role: inRole });
      if (part !== undefined) declinePart(world, offers, part, refuse);
      else for (const offer of offers) world.endOffer(offer, refuse);
    };
  },
};

const recover: Verb = {
  name: 'recover',
  read(fields) {
    const framework = fields.required('framework', id);
    const agent = fields.required('agent', id);
    const ended = fields.required('resources', resources);
    const inRole = fields.optional('role', role);
    const refuse = fields.optional('refuse', number);
    return (world) => {
      world.framework('framework', framework);
      world.agent('agent', agent);
      const usages = world.inUse.of({ framework, agent, role: inRole });
      const [usage] = usages;
      if (usages.length > 1) throw world.fault('role', `is missing: ${framework} uses ${agent} in several roles`);
      const held = usage?.resources ?? Resources.EMPTY;
      const found = resolveReference(held, ended);
      if (usage === undefined || found === undefined) {
        throw world.fault(
          'resources',
          `more than ${framework} uses on ${agent}, which is ${held.toText() || 'nothing'}`,
        );
      }
      world.inUse.remove({ ...usage, resources: found });
      world.engine.recover(
        { frameworkId: framework, role: usage.role, agentId: agent, resources: found },
        world.nowMs,
        refuse,
      );
    };
  },
};

const respondInverseOffer: Verb = {
  name: 'respondInverseOffer',
  read(fields) {
    const framework = fields.required('framework', id);
    const agent = fields.required('agent', id);
    const isAccepted = fields.required('accept', boolean);
    const refuse = fields.optional('refuse', number);
    return (world) => {
      world.framework('framework', framework);
      world.agent('agent', agent);
      if (!world.inverseOffers.delete(inverseKey(framework, agent))) {
        throw world.fault('agent', `${framework} has no outstanding inverse offer of ${agent}`);
      }
      world.engine.answerInverseOffer({ frameworkId: framework, agentId: agent }, isAccepted, world.nowMs, refuse);
    };
  },
};

export const OFFER_VERBS: readonly Verb[] = [accept, decline, recover, respondInverseOffer];

/** @throws ScenarioError when there is none */
function outstanding(world: World, match: { framework: string; agent?: string; role?: string }): Offer[] {
  const offers = world.offersOf(match);
  if (offers.length === 0) {
    const where = [match.agent && ` of ${match.agent}`, match.role && ` for role ${match.role}`].filter(Boolean);
    throw world.fault('framework', `${match.framework} has no outstanding offer${where.join('')}`);
  }
  return offers;
}

/** Only a part is returned: what remains is one offer. */
function declinePart(world: World, offers: readonly Offer[], part: Resources, refuse: number): void {
  const [first] = offers as [Offer];
  for (const field of ['agent', 'role'] as const) {
    if (offers.some((offer) => offer[field] !== first[field])) {
      throw world.fault(field, `is missing: the outstanding offers are for several ${field}s`);
    }
  }
  const all = sum(offers);
  const returned = resolveReference(all, part);
  if (returned === undefined) throw world.fault('resources', `more than is offered, which is ${all.toText()}`);
  const rest = all.minus(returned);
  for (const offer of offers) if (offer !== first || rest.isEmpty) world.offers.delete(offer.id);
  if (!rest.isEmpty) world.offers.set(first.id, { ...first, resources: rest });
  world.giveBack(first, returned, refuse);
}

function sum(offers: readonly Offer[]): Resources {
  return offers.reduce((all, offer) => all.plus(offer.resources), Resources.EMPTY);
}
