import { type AskedAction, mayDo, permitsOf, sendRefusal } from '@tranche/http';
import { httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const forbid = (reply: FastifyReply): void => sendRefusal(reply, httpError({ kind: 'forbidden' }));

/**
 * Whether an endpoint that may be got is answered; refused otherwise. Only where there are ACLs does it mind the method.
 *
 * @source classic endpoints §5
 */
export function mayGet(request: FastifyRequest, reply: FastifyReply, asked: AskedAction): boolean {
  const permits = permitsOf(request);
  const { method } = request;
  if (permits.isOpen) return true;
  if (method !== 'GET') {
    sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed: ['GET'], received: method }));
    return false;
  }
  if (mayDo(permits, asked)) return true;
  forbid(reply);
  return false;
}
