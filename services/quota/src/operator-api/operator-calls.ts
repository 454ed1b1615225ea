import type { OperatorAnswer } from '@tranche/contracts';
import type { MasterCall, MasterCallType, MasterResponse, Resource, Role } from '@tranche/mesos-api';
import { compareBytes, fromMilli, type Quantities } from '@tranche/resources';
import { obstacleText, type QuotaObstacle } from '../quotas/check-quotas.js';
import { parseQuotaConfig, parseQuotaRequest } from '../quotas/parse-quota.js';
import type { Quota } from '../quotas/quota.js';
import { quotaStatus } from '../quotas/quota-status.js';
import type { SetQuotas } from '../quotas/set-quotas.js';
import { validWeights } from '../roles/parse-weights.js';
import type { RoleConfigs } from '../roles/role-configs.js';
import { type RoleSummary, summarizeRoles } from '../roles/role-summary.js';
import type { SetWeights } from '../roles/set-weights.js';
import type { RoleUsage } from '../usage/role-usage.js';

export interface OperatorCallParts {
  readonly configs: RoleConfigs;
  readonly usage: RoleUsage;
  readonly weights: SetWeights;
  readonly quotas: SetQuotas;
}

type Handler = (call: MasterCall, parts: OperatorCallParts) => OperatorAnswer | Promise<OperatorAnswer>;

const DONE: OperatorAnswer = { outcome: 'done' };
const answered = (response: MasterResponse): OperatorAnswer => ({ outcome: 'answered', response });
const badRequest = (message: string): OperatorAnswer => ({ outcome: 'bad-request', message });

/** Calls of the operator API about roles. @source operator API §2, §2.3 */
const CALLS: Readonly<Partial<Record<MasterCallType, Handler>>> = {
  GET_ROLES: (_call, { configs, usage }) =>
    answered({ type: 'GET_ROLES', get_roles: { roles: summarizeRoles(configs, usage).map(roleDocument) } }),

  GET_WEIGHTS: (_call, { configs }) =>
    answered({
      type: 'GET_WEIGHTS',
      get_weights: {
        weight_infos: configs
          .all()
          .flatMap(({ name, weight }) => (weight === undefined ? [] : [{ weight, role: name }])),
      },
    }),

  UPDATE_WEIGHTS: async ({ update_weights }, { weights }) => {
    const valid = validWeights(update_weights?.weight_infos ?? []);
    if (!valid.ok) return badRequest(valid.error);
    await weights.execute(valid.weights);
    return DONE;
  },

  GET_QUOTA: (_call, { configs }) => answered({ type: 'GET_QUOTA', get_quota: { status: quotaStatus(configs.all()) } }),

  UPDATE_QUOTA: async ({ update_quota }, { quotas }) => {
    const parsed: Quota[] = [];
    for (const config of update_quota?.quota_configs ?? []) {
      const one = parseQuotaConfig(config);
      if (!one.ok) return badRequest(one.error);
      parsed.push(one.quota);
    }
    const outcome = await quotas.update(parsed, { force: update_quota?.force ?? false });
    return outcome.ok ? DONE : badRequest(obstacleText(outcome.obstacle as QuotaObstacle));
  },

  SET_QUOTA: ({ set_quota }, parts) => setQuota(set_quota?.quota_request ?? {}, parts),

  REMOVE_QUOTA: async ({ remove_quota }, { quotas }) => {
    await quotas.remove(remove_quota?.role ?? '');
    return DONE;
  },
};

/** @returns undefined for a call that is not about roles */
export const answerOperatorCall = (call: MasterCall, parts: OperatorCallParts): Promise<OperatorAnswer> | undefined => {
  const handler = CALLS[call.type ?? 'UNKNOWN'];
  return handler === undefined ? undefined : Promise.resolve(handler(call, parts));
};

/** SET_QUOTA, and POST `/quota`: the role must not have a quota yet. @source operator API §2.3 */
export async function setQuota(
  request: Parameters<typeof parseQuotaRequest>[0],
  { configs, quotas }: Pick<OperatorCallParts, 'configs' | 'quotas'>,
): Promise<OperatorAnswer> {
  const parsed = parseQuotaRequest(request);
  if (!parsed.ok) return badRequest(parsed.error);
  const { role } = parsed.quota;
  const { guaranteesMilli, limitsMilli } = configs.get(role);
  if (guaranteesMilli !== undefined || limitsMilli !== undefined)
    return badRequest(
      `Failed to validate set quota request: Cannot set quota for role '${role}' which already has quota`,
    );
  const outcome = await quotas.set(parsed.quota, { force: request.force ?? false });
  if (outcome.ok || outcome.obstacle.kind !== 'overcommit') return DONE;
  const { guaranteed, capacity } = outcome.obstacle;
  const totals = `Total quota guarantees '${guaranteed.toText()}' exceed cluster capacity '${capacity.toText()}'`;
  const message = `Quota guarantees overcommit the cluster (use 'force' to bypass this check): ${totals}`;
  return { outcome: 'conflict', message };
}

const roleDocument = ({ name, weight, frameworkIds, allocated, offered }: RoleSummary): Role => {
  const resources = resourcesOf(allocated.plus(offered));
  return {
    name,
    weight,
    ...(frameworkIds.length === 0 ? {} : { frameworks: frameworkIds.map((value) => ({ value })) }),
    ...(resources.length === 0 ? {} : { resources }),
  };
};

/** What GET_ROLES tells of; ranges and sets are left out. */
const SCALARS = new Set(['cpus', 'gpus', 'mem', 'disk']);

const resourcesOf = (amounts: Quantities): Resource[] =>
  [...amounts]
    .filter(([name]) => SCALARS.has(name))
    .toSorted(([a], [b]) => compareBytes(a, b))
    .map(([name, milli]) => ({ name, type: 'SCALAR', scalar: { value: fromMilli(milli) } }));
