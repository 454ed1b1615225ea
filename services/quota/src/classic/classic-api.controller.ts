import { All, Controller, Req, Res } from '@nestjs/common';
import { rawBody, sendJsonText, sendRefusal } from '@tranche/http';
import { type ApiRefusal, httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseWeights } from '../roles/parse-weights.js';
import { RoleConfigs } from '../roles/role-configs.js';
import { summarizeRoles } from '../roles/role-summary.js';
import { SetWeights } from '../roles/set-weights.js';
import { RoleUsage } from '../usage/role-usage.js';
import { quotaJson, rolesJson, weightsJson } from './roles-json.js';

/** Operations on resources that are not served yet, by path, under their names in the operator API. */
const UNSERVED: Readonly<Record<string, string>> = {
  '/reserve': 'RESERVE_RESOURCES',
  '/unreserve': 'UNRESERVE_RESOURCES',
  '/create-volumes': 'CREATE_VOLUMES',
  '/destroy-volumes': 'DESTROY_VOLUMES',
};

const refuse = (reply: FastifyReply, refusal: ApiRefusal): void => sendRefusal(reply, httpError(refusal));

/** `/roles`, `/weights`, `/quota`, and what operators ask for by forms. */
@Controller()
export class ClassicApiController {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
    private readonly setWeights: SetWeights,
  ) {}

  @All('roles')
  roles(@Res() reply: FastifyReply): void {
    sendJsonText(reply, rolesJson(summarizeRoles(this.configs, this.usage)));
  }

  @All('weights')
  async weights(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { method } = request;
    if (method === 'GET') return sendJsonText(reply, weightsJson(this.configs.all()));
    if (method !== 'PUT')
      return refuse(reply, { kind: 'method-not-allowed', allowed: ['GET', 'PUT'], received: method });
    const parsed = parseWeights(rawBody(request).toString('utf8'));
    if (!parsed.ok) return refuse(reply, { kind: 'bad-request', message: parsed.error });
    await this.setWeights.execute(parsed.weights);
    void reply.code(200).send();
  }

  @All('quota')
  quota(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (method === 'GET') return sendJsonText(reply, quotaJson(this.configs.all()));
    if (method === 'POST') return refuse(reply, { kind: 'not-implemented', call: 'SET_QUOTA' });
    if (method === 'DELETE') return refuse(reply, { kind: 'not-implemented', call: 'REMOVE_QUOTA' });
    refuse(reply, { kind: 'method-not-allowed', allowed: ['GET', 'POST', 'DELETE'], received: method });
  }

  @All('quota/*')
  quotaOfRole(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (method === 'DELETE') return refuse(reply, { kind: 'not-implemented', call: 'REMOVE_QUOTA' });
    refuse(reply, { kind: 'method-not-allowed', allowed: ['DELETE'], received: method });
  }

  @All(Object.keys(UNSERVED))
  operation(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { method } = request;
    if (method !== 'POST') return refuse(reply, { kind: 'method-not-allowed', allowed: ['POST'], received: method });
    const call = UNSERVED[request.url.replace(/\?.*$/s, '')];
    refuse(reply, { kind: 'not-implemented', ...(call === undefined ? {} : { call }) });
  }
}
