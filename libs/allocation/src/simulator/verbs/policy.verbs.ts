import { quotaText } from '../scenario/options.js';
import { boolean, number, role } from '../scenario/values.js';
import { ScenarioError } from '../scenario/scenario.errors.js';
import { quotaRefusal, rescindForQuota, toQuota } from '../world/quota-policy.js';
import type { Verb } from './verb.js';

const setQuota: Verb = {
  name: 'setQuota',
  read(fields) {
    const given = quotaText(fields);
    const isForced = fields.optional('force', boolean) ?? true;
    return (world) => {
      const quota = toQuota(given);
      const refusal = quotaRefusal(world, given.role, quota, isForced);
      if (refusal !== undefined) {
        world.outcome.refused = refusal;
        return;
      }
      world.engine.setQuota(given.role, quota);
      world.quotas.set(given.role, quota);
      rescindForQuota(world, given.role, quota);
    };
  },
};

const setWeight: Verb = {
  name: 'setWeight',
  read(fields) {
    const name = fields.required('role', role);
    const weight = fields.required('weight', number);
    if (!(weight > 0) || !Number.isFinite(weight)) {
      throw new ScenarioError(`${fields.place}.weight`, `must be above 0, not ${weight}`);
    }
    return (world) => {
      world.engine.setWeight(name, weight);
      // Offers made under the old weights may be unfair under the new ones (allocation rule A74).
      if (world.engine.view.isTracked(name)) for (const offer of world.offersOf({})) world.rescind(offer);
    };
  },
};

export const POLICY_VERBS: readonly Verb[] = [setQuota, setWeight];
