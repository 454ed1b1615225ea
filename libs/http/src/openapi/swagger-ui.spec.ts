import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalUrl } from '../mesos-paths.js';
import { serveApiDocs } from './serve-api-docs.js';
import type { OpenApiDocument } from './openapi-document.js';

describe('Swagger UI', () => {
  let fastify: FastifyInstance;
  beforeAll(async () => {
    fastify = Fastify({ rewriteUrl: ({ url = '/' }) => canonicalUrl(url, 'cluster') });
    serveApiDocs(fastify, 'quota', '1.2.3');
    await fastify.ready();
  });
  afterAll(() => fastify.close());

  const partsOf = (page: string): string[] =>
    [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);

  it('has all its parts here, by paths that hold below any folder', async () => {
    const { body } = await fastify.inject('/docs');
    const parts = partsOf(body);
    expect(parts).toEqual([
      'docs/favicon-32x32.png',
      'docs/swagger-ui.css',
      'docs/swagger-ui-bundle.js',
      'docs/start.js',
    ]);
    for (const part of parts) {
      const answer = await fastify.inject(`/${part}`);
      expect([part, answer.statusCode]).toEqual([part, 200]);
      expect(answer.rawPayload.length).toBeGreaterThan(100);
    }
    expect((await fastify.inject('/docs/start.js')).body).toContain("url: 'openapi.json'");
  });

  it('may load and ask nothing but this address, and run no script of the page', async () => {
    const { headers } = await fastify.inject('/docs');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect((await fastify.inject('/docs')).body).not.toMatch(/<script>|<style|style=|\son\w+=/);
  });

  it('is sent compressed to who takes that', async () => {
    const plain = await fastify.inject('/docs/swagger-ui.css');
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await fastify.inject({ url: '/docs/swagger-ui.css', headers });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it.each(['/docs/', '/docs/?x=/'])('sends %s to the page, whose parts count from there', async (url) => {
    const answer = await fastify.inject(url);
    expect([answer.statusCode, answer.headers.location]).toEqual([308, '../docs']);
    expect((await fastify.inject('/docs?x=a/')).statusCode).toBe(200);
  });

  it('calls the paths beside the document', async () => {
    const document = (await fastify.inject('/openapi.json')).json<OpenApiDocument>();
    expect(document.servers).toEqual([{ url: './' }]);
    expect(document['x-undescribed']).toEqual([]);
    expect(Object.keys(document.paths)).toEqual(['/openapi.json', '/docs']);
  });
});

it("the registry's document has what every service owns, and nothing of an agent", async () => {
  const registry = Fastify();
  serveApiDocs(registry, 'registry', '1.2.3');
  const { info, paths } = (await registry.inject('/openapi.json')).json<OpenApiDocument>();
  await registry.close();
  expect(info.title).toBe('Tranche');
  const all = ['/docs', '/api/v1/scheduler', '/roles', '/v1/tasks', '/v1/tasks/{id}:kill', '/v1/quotas', '/v1/explain'];
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(all));
  expect(Object.keys(paths)).not.toContain('/containers');
});
