import { authorizerOf } from '@tranche/config';
import type { AgentRecord } from '@tranche/contracts';
import { givePermits, permitsFor, problem } from '@tranche/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { AgentResources } from './agent-resources.js';
import { VolumesApiController } from './volumes-api.controller.js';

const MIB = 2 ** 20;
const agent: AgentRecord = {
  ...{ agentId: 'a', hostname: 'n1', ip: '127.0.0.1', port: 5051, version: '0.1.0', state: 'active', stateSinceMs: 0 },
  ...{ attributes: [], capabilities: [], registeredAtMs: 5 },
  resources: [
    {
      ...{ name: 'disk', type: 'SCALAR', scalar: { value: 64 } },
      reservations: [{ type: 'DYNAMIC', role: 'web', principal: 'ops' }],
      disk: { persistence: { id: 'v', principal: 'ops' }, volume: { container_path: 'v', mode: 'RW' } },
    },
  ],
};

/** Asks for the volume to have the size that it has. */
function resizeToItself(principal: string, unmet?: ReturnType<typeof problem>) {
  const agents = new AgentResources();
  agents.registered(agent);
  const controller = new VolumesApiController(agents, { operate: () => Promise.reject(new Error('nothing to do')) });
  const any = (principals: string[]) => [{ principals: { values: principals }, roles: { type: 'ANY' } }];
  const acls = { permissive: false, view_roles: any(['ops', 'dev']), resize_volumes: any(['ops']) };
  const permits = permitsFor(authorizerOf({ authAcls: JSON.stringify(acls) }), principal);
  const request = { body: Buffer.from(JSON.stringify({ diskBytes: 64 * MIB })), headers: {} } as FastifyRequest;
  givePermits(request, { ...permits, ...(unmet && { unmet }) });
  const [{ id } = { id: '' }] = controller.list({}, request).items;
  return controller.resize(id, false, request, { request } as FastifyReply);
}

describe('PATCH /v1/volumes/ID', () => {
  it('of the size that it has is permitted, and conditional, as of any other', async () => {
    expect(await resizeToItself('ops')).toMatchObject({ agentId: 'a', consumed: '' });
    await expect(resizeToItself('dev')).rejects.toThrow('"dev" may not resize_volumes of role "web"');
    const unmet = problem(412, 'volume.changed', 'Volume has changed', 'it is another now');
    await expect(resizeToItself('ops', unmet)).rejects.toThrow('it is another now');
    await expect(resizeToItself('dev', unmet)).rejects.toThrow('may not resize_volumes');
  });
});
