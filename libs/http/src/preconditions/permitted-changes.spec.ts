import 'reflect-metadata';
import { Controller, Delete, Get, Module, NotFoundException, Param, Put, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { authOptions, configWith } from '@tranche/config';
import { Metrics, silentLogger } from '@tranche/telemetry';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizationOf } from '../auth/credentials.js';
import { demand, permitsOf } from '../auth/permits.js';
import { createHttpApp } from '../create-http-app.js';
import { rawBody } from '../reply.js';

const weights = new Map<string, number>();

@Controller('v1/weights')
class WeightsController {
  @Get('*')
  one(@Param('*') role: string, @Req() request: FastifyRequest): object {
    demand(permitsOf(request), ['view_roles', role]);
    return this.known(role);
  }

  @Put('*')
  put(@Param('*') role: string, @Req() request: FastifyRequest): object {
    demand(permitsOf(request), ['update_weights', role]);
    const { weight } = JSON.parse(rawBody(request).toString()) as { weight: number };
    weights.set(role, weight);
    return { role, weight };
  }

  @Delete('*')
  remove(@Param('*') role: string, @Req() request: FastifyRequest): object {
    demand(permitsOf(request), ['update_weights', role]);
    this.known(role);
    weights.delete(role);
    return { role, weight: 1 };
  }

  private known(role: string): object {
    const weight = weights.get(role);
    if (weight === undefined) throw new NotFoundException();
    return { role, weight };
  }
}

@Module({ controllers: [WeightsController] })
class WeightsModule {}

/** `ops` may see and change all, `writer` change all and see nothing, `reader` the reverse. */
const CREDENTIALS = ['ops', 'writer', 'reader'].map((principal) => ({ principal, secret: 's3cret' }));
const ACLS = {
  permissive: false,
  view_roles: [{ principals: { values: ['ops', 'reader'] }, roles: { type: 'ANY' } }],
  update_weights: [{ principals: { values: ['ops', 'writer'] }, roles: { type: 'ANY' } }],
};
const STALE = '"0123456789abcdef"';

describe('If-Match where there are ACLs', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    weights.clear();
    app = await createHttpApp(WeightsModule, {
      ...{ service: 'quota', logger: silentLogger, metrics: new Metrics('quota'), paths: 'cluster' },
      auth: configWith(authOptions, {
        authCredentials: JSON.stringify({ credentials: CREDENTIALS }),
        authAcls: JSON.stringify(ACLS),
      }),
    });
    await app.init();
  });
  afterEach(() => app.close());

  const send = async (principal: string, method: 'GET' | 'PUT' | 'DELETE', ifMatch?: string, weight = 2) => {
    const headers = {
      authorization: authorizationOf({ principal, secret: 's3cret' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    };
    const payload = method === 'PUT' ? { payload: JSON.stringify({ weight }) } : {};
    const answer = await app.inject({ method, url: '/v1/weights/secret', headers, ...payload });
    return { status: answer.statusCode, etag: String(answer.headers.etag), body: answer.json() as { detail?: string } };
  };

  it.each(['PUT', 'DELETE'] as const)('is looked at behind the permission to change: %s', async (method) => {
    expect((await send('reader', method, STALE)).status).toBe(403);
    const { etag } = await send('ops', 'PUT');
    for (const ifMatch of [STALE, etag, '*', undefined]) {
      const { status, body } = await send('reader', method, ifMatch);
      expect([status, body.detail]).toEqual([403, 'principal "reader" may not update_weights of role "secret"']);
    }
    expect(weights.get('secret')).toBe(2);
  });

  it('is held against what is there, whether its caller may see that or not', async () => {
    await send('ops', 'PUT');
    for (const method of ['PUT', 'DELETE'] as const) {
      expect((await send('writer', method, STALE, 9)).status).toBe(412);
      expect(weights.get('secret')).toBe(2);
    }
    const { etag } = await send('ops', 'GET');
    const put = await send('writer', 'PUT', etag, 3);
    expect([put.status, put.etag]).toEqual([200, (await send('ops', 'GET')).etag]);
    expect((await send('writer', 'DELETE', etag)).status).toBe(412);
    expect((await send('writer', 'DELETE', put.etag)).status).toBe(200);
    expect((await send('writer', 'PUT', put.etag)).status).toBe(412);
    expect((await send('writer', 'DELETE', STALE)).status).toBe(404);
    expect(weights.size).toBe(0);
  });

  it('tells what is there, and who changed it, to who may see it', async () => {
    const { etag } = await send('ops', 'PUT');
    expect((await send('ops', 'PUT', STALE)).body.detail).toMatch(
      `weight secret is ${etag} now, not ${STALE} as If-Match says; ops changed it at`,
    );
    const told = JSON.stringify((await send('writer', 'PUT', STALE)).body);
    expect(told).toContain('is told to who may read it');
    expect(told).not.toMatch(new RegExp(`ops|${etag.slice(1, -1)}`));
    await send('ops', 'DELETE');
    const gone = JSON.stringify((await send('writer', 'PUT', etag)).body);
    expect(gone).not.toMatch(/ops|not there/);
    expect((await send('ops', 'PUT', etag)).body.detail).toMatch(/is not there, .*; ops changed it at .*: DELETE/);
  });
});
