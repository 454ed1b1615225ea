import { All, Controller, Req, Res } from '@nestjs/common';
import { type AskedAction, mayDo, type Permits, permitsOf, rawBody, sendJsonText, sendRefusal } from '@tranche/http';
import { type ApiRefusal, httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setQuota } from '../operator-api/operator-calls.js';
import { parseQuotaBody } from '../quotas/parse-quota-body.js';
import { hasQuota } from '../quotas/quota.js';
import { SetQuotas } from '../quotas/set-quotas.js';
import { parseWeights } from '../roles/parse-weights.js';
import { RoleConfigs } from '../roles/role-configs.js';
import { summarizeRoles } from '../roles/role-summary.js';
import { SetWeights } from '../roles/set-weights.js';
import { RoleUsage } from '../usage/role-usage.js';
import { quotaJson, rolesJson, weightsJson } from './roles-json.js';

const refuse = (reply: FastifyReply, refusal: ApiRefusal): void => sendRefusal(reply, httpError(refusal));

/** `/roles`, `/weights` and `/quota`. */
@Controller()
export class ClassicApiController {
  constructor(
    readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
    private readonly setWeights: SetWeights,
    readonly quotas: SetQuotas,
  ) {}

  @All('roles')
  roles(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const seen = seenBy(permitsOf(request), 'view_roles', summarizeRoles(this.configs, this.usage));
    sendJsonText(reply, rolesJson(seen));
  }

  @All('weights')
  async weights(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { method } = request;
    const permits = permitsOf(request);
    if (method === 'GET') return sendJsonText(reply, weightsJson(seenBy(permits, 'view_roles', this.configs.all())));
    if (method !== 'PUT')
      return refuse(reply, { kind: 'method-not-allowed', allowed: ['GET', 'PUT'], received: method });
    const parsed = parseWeights(rawBody(request).toString('utf8'));
    if (!parsed.ok) return refuse(reply, { kind: 'bad-request', message: parsed.error });
    const asked = parsed.weights.map(({ role }): AskedAction => ['update_weights', role]);
    if (!mayDo(permits, ...asked)) return refuse(reply, { kind: 'forbidden' });
    await this.setWeights.execute(parsed.weights);
    void reply.code(200).send();
  }

  @All('quota')
  async quota(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { method } = request;
    if (method === 'GET')
      return sendJsonText(reply, quotaJson(seenBy(permitsOf(request), 'get_quotas', this.configs.all())));
    if (method === 'POST') return this.setQuota(request, reply);
    if (method === 'DELETE') {
      const message =
        "Failed to parse remove quota request for path '/master/quota': expected 3 tokens, found 2 tokens";
      return refuse(reply, { kind: 'bad-request', message });
    }
    refuse(reply, { kind: 'method-not-allowed', allowed: ['GET', 'POST', 'DELETE'], received: method });
  }

  @All('quota/*')
  async quotaOfRole(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { method, url } = request;
    if (method !== 'DELETE')
      return refuse(reply, { kind: 'method-not-allowed', allowed: ['DELETE'], received: method });
    const role = roleOfPath(url);
    if (!mayDo(permitsOf(request), ['update_quotas', role])) return refuse(reply, { kind: 'forbidden' });
    if (!hasQuota(this.configs.get(role))) {
      const message = `Failed to remove quota for path '/master/quota/${role}': Role '${role}' has no quota set`;
      return refuse(reply, { kind: 'bad-request', message });
    }
    await this.quotas.remove(role);
    void reply.code(200).send();
  }

  /** @source classic endpoints: `/quota` */
  private async setQuota(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const parsed = parseQuotaBody(rawBody(request).toString('utf8'));
    if (!parsed.ok) return refuse(reply, { kind: 'bad-request', message: parsed.error });
    const asked: AskedAction = ['update_quotas', parsed.request.role];
    if (!mayDo(permitsOf(request), asked)) return refuse(reply, { kind: 'forbidden' });
    const { outcome, message = '' } = await setQuota(parsed.request, this);
    if (outcome === 'bad-request' || outcome === 'conflict') return refuse(reply, { kind: outcome, message });
    void reply.code(200).send();
  }
}

/** What of the roles a caller may see. */
const seenBy = <T extends { readonly name: string }>(
  permits: Permits,
  action: 'view_roles' | 'get_quotas',
  roles: readonly T[],
): readonly T[] => (permits.isOpen ? roles : roles.filter(({ name }) => permits.may(action, name)));

/** `/quota/eng%2Fdev` and `/quota/eng/dev` name the same role. */
function roleOfPath(url: string): string {
  const path = url.replace(/\?.*$/s, '').replace(/^.*?\/quota\//, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
