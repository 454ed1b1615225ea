import 'reflect-metadata';
import { Controller, Get, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { authOptions, type AuthSettings, configWith } from '@tranche/config';
import { Metrics, silentLogger } from '@tranche/telemetry';
import type { FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../create-http-app.js';
import { principalOf } from './authenticate.js';
import { authorizationOf } from './credentials.js';
import { permitsOf } from './permits.js';

@Controller()
class Endpoints {
  @Get(['state', 'v1/agents'])
  show(@Req() request: FastifyRequest): unknown {
    return { principal: principalOf(request) ?? null };
  }

  @Post('weights')
  change(@Req() request: FastifyRequest): unknown {
    return { principal: principalOf(request) ?? null };
  }

  @Get('roles')
  permits(@Req() request: FastifyRequest): unknown {
    const { isOpen, may, principal } = permitsOf(request);
    return { isOpen, principal: principal ?? null, flags: may('view_flags') };
  }
}

@Module({ controllers: [Endpoints] })
class EndpointsModule {}

const OPS = { principal: 'ops', secret: 's3cret' };
const authorization = authorizationOf(OPS);
const authCredentials = JSON.stringify({ credentials: [OPS] });

describe('an HTTP API that asks for credentials', () => {
  let app: NestFastifyApplication;
  const start = async (settings: Partial<AuthSettings>) => {
    app = await createHttpApp(EndpointsModule, {
      ...{ service: 'registry', logger: silentLogger, metrics: new Metrics('registry'), paths: 'cluster' },
      auth: configWith(authOptions, settings),
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  };
  afterEach(() => app.close());

  it('answers 401 in the words of Mesos, and knows who shows them', async () => {
    await start({ authCredentials });
    const refused = await app.inject('/master/state');
    expect([refused.statusCode, refused.headers['www-authenticate'], refused.body]).toEqual([
      401,
      'Basic realm="mesos-master-readonly"',
      '401 Unauthorized.',
    ]);
    expect(refused.headers['trace-id']).toBeDefined();
    const answer = await app.inject({ url: '/state', headers: { authorization } });
    expect(answer.json()).toEqual({ principal: 'ops' });
  });

  it.each([
    '/%73tate',
    '/%2573tate',
    '/master/%73tate',
    '/%76%31/agents',
    '/v1%2Fagents',
    '//state',
    '/state/',
    '/STATE',
  ])('asks at %s, too, whatever it is a way to write', async (url) => {
    await start({ authCredentials });
    expect([401, 404]).toContain((await app.inject(url)).statusCode);
  });

  it('answers a problem below /v1, which names nothing that was sent', async () => {
    await start({ authCredentials });
    const refused = await app.inject({ url: '/v1/agents', headers: { authorization: 'Bearer hush' } });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(refused.json()).toMatchObject({ code: 'auth.required', status: 401 });
    expect(refused.body).not.toContain('hush');
  });

  it('asks only where it is to: to change, not to look', async () => {
    await start({ authCredentials, authReadonly: false });
    expect((await app.inject('/state')).json()).toEqual({ principal: null });
    expect((await app.inject({ method: 'POST', url: '/weights' })).statusCode).toBe(401);
  });

  it('asks nobody without a list, and ignores what is shown', async () => {
    await start({});
    const answer = await app.inject({ method: 'POST', url: '/weights', headers: { authorization } });
    expect(answer.json()).toEqual({ principal: null });
  });

  it('knows what who shows them may do, also where none are asked for', async () => {
    const entry = { principals: { values: ['ops'] }, flags: { type: 'ANY' } };
    const authAcls = JSON.stringify({ permissive: false, view_flags: [entry] });
    await start({ authCredentials, authAcls, authReadonly: false });
    const shown = async (header?: string): Promise<unknown> =>
      (await app.inject({ url: '/roles', headers: header === undefined ? {} : { authorization: header } })).json();
    expect(await shown(authorization)).toEqual({ isOpen: false, principal: 'ops', flags: true });
    expect(await shown('Bearer hush')).toEqual({ isOpen: false, principal: null, flags: false });
    expect(await shown()).toEqual({ isOpen: false, principal: null, flags: false });
  });

  it('lets everybody do everything where there are no ACLs', async () => {
    await start({ authCredentials });
    const answer = await app.inject({ url: '/roles', headers: { authorization } });
    expect(answer.json()).toEqual({ isOpen: true, principal: null, flags: true });
  });

  it('tells everybody of its health', async () => {
    await start({ authCredentials });
    for (const url of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
    }
    expect((await app.inject('/v1/settings')).statusCode).toBe(401);
  });

  describe('GET /v1/whoami', () => {
    const whoami = async (header?: string) => {
      const answer = await app.inject({ url: '/v1/whoami', ...(header ? { headers: { authorization: header } } : {}) });
      return answer.json() as Record<string, unknown>;
    };
    const BOT = { principal: 'bot', token: 't0ken' };
    const both = JSON.stringify({ credentials: [OPS, BOT] });
    const ALL = ['read', 'write', 'frameworks'];

    it('tells whose credentials they are, and how they were shown', async () => {
      await start({ authCredentials: both });
      const answer = { service: 'registry', may: ALL };
      expect(await whoami(authorization)).toEqual({ ...answer, principal: 'ops', authentication: 'basic' });
      expect(await whoami(authorizationOf(BOT))).toEqual({ ...answer, principal: 'bot', authentication: 'bearer' });
      expect(await whoami()).toMatchObject({ status: 401, code: 'auth.required' });
    });

    it('tells what may be done without them, and refuses those that are wrong also where none are asked for', async () => {
      await start({ authCredentials: both, authReadonly: false, authFrameworks: false });
      expect(await whoami()).toEqual({ service: 'registry', authentication: 'none', may: ['read', 'frameworks'] });
      expect(await whoami(authorization)).toMatchObject({ principal: 'ops', may: ALL });
      expect(await whoami('Bearer hush')).toMatchObject({ status: 401, detail: expect.stringMatching(/not known$/) });
    });

    it('tells what the ACLs permit of each action', async () => {
      const roles = { principals: { values: ['ops'] }, roles: { values: ['eng', 'eng/%'] } };
      const authAcls = JSON.stringify({ permissive: false, update_quotas: [roles] });
      await start({ authCredentials: both, authAcls, authReadonly: false });
      const permissionOf = async (header: string | undefined, name: string): Promise<unknown> => {
        const { permissions } = (await whoami(header)) as { permissions: { action: string }[] };
        return permissions.find(({ action }) => action === name);
      };
      expect(await permissionOf(authorization, 'update_quotas')).toEqual({
        ...{ action: 'update_quotas', objects: 'roles', may: 'some', only: ['eng', 'eng/%'] },
      });
      expect(await permissionOf(authorization, 'view_flags')).toMatchObject({ objects: 'flags', may: 'none' });
      expect(await permissionOf(undefined, 'update_quotas')).toMatchObject({ may: 'none' });
    });

    it('lets everybody do everything where there are no credentials', async () => {
      await start({});
      expect(await whoami('Bearer hush')).toEqual({ service: 'registry', authentication: 'none', may: ALL });
    });
  });
});
