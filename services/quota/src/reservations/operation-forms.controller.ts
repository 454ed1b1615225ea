import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { askedByOperation, mayDo, permitsOf, principalOf, rawBody, sendRefusal } from '@tranche/http';
import { type ApiRefusal, httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentOperations } from './agent-operations.port.js';
import { FORM_PATHS, type FormPath, parseOperationForm } from './operation-form.js';
import { AGENT_OPERATIONS } from './tokens.js';

/** `/reserve`, `/unreserve`, `/create-volumes`, `/destroy-volumes`. @source operator API §2.2 */
@Controller()
export class OperationFormsController {
  constructor(@Inject(AGENT_OPERATIONS) private readonly operations: AgentOperations) {}

  @All([...FORM_PATHS])
  async operate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { method, url } = request;
    const refuse = (refusal: ApiRefusal): void => sendRefusal(reply, httpError(refusal));
    if (method !== 'POST') return refuse({ kind: 'method-not-allowed', allowed: ['POST'], received: method });
    const parsed = parseOperationForm(url.replace(/\?.*$/s, '') as FormPath, rawBody(request).toString('utf8'));
    if (!parsed.ok) return refuse({ kind: 'bad-request', message: parsed.error });
    if (!mayDo(permitsOf(request), ...askedByOperation(parsed.info))) return refuse({ kind: 'forbidden' });
    const { outcome, message = '' } = await this.operations.operate({ ...parsed, ...askedBy(principalOf(request)) });
    if (outcome !== 'accepted') return refuse({ kind: outcome, message });
    void reply.code(202).header('content-length', '0').send();
  }
}

const askedBy = (principal: string | undefined): { principal?: string } =>
  principal === undefined ? {} : { principal };
